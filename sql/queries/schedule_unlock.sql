SELECT pg_advisory_unlock(job_lock($1))

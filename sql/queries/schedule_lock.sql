-- One run of job $1 at a time, on all machines; false: there is one.
SELECT pg_try_advisory_lock(job_lock($1))

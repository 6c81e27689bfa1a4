-- Runs of job $1 that have not ended, seen by whoever holds its lock.
SELECT id FROM job_runs WHERE job_name = $1 AND ended_at IS NULL

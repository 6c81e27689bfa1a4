-- Run $2 answers what was asked of job $1.
UPDATE job_requests SET run_id = $2::uuid WHERE job_name = $1 AND run_id IS NULL

-- Job $1 is to run now, says $2; what is asked for already is asked for once. No row where there is no such job.
INSERT INTO job_requests (job_name, requested_by)
SELECT name, $2 FROM jobs WHERE name = $1
ON CONFLICT (job_name) WHERE run_id IS NULL DO UPDATE SET requested_by = excluded.requested_by
RETURNING id

-- Run $2 of job $1 begins at $3 (ms) on machine $4; no row where nothing is due or asked for any more.
INSERT INTO job_runs (id, job_name, planned_at, started_at, machine, backend_id)
SELECT $2::uuid, name, CASE WHEN next_run_at <= ms_ts($3::bigint) THEN next_run_at END, ms_ts($3::bigint), $4, pg_backend_pid()
FROM jobs
WHERE name = $1
  AND (next_run_at <= ms_ts($3::bigint) OR EXISTS (SELECT FROM job_requests WHERE job_name = $1 AND run_id IS NULL))
RETURNING (SELECT timezone FROM jobs WHERE name = $1)

-- Every job: when it runs, and how it went last.
SELECT
  name,
  cron,
  CASE WHEN run.started_at IS NOT NULL THEN 'running' ELSE last_outcome END,
  to_char(coalesce(run.started_at, last_run_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  CASE WHEN run.started_at IS NULL THEN last_duration_ms END,
  to_char(next_run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  CASE WHEN name = ANY (pg_cron_jobs()) THEN 'pg_cron' ELSE coalesce(run.machine, last_machine) END,
  CASE WHEN run.started_at IS NULL THEN last_error END
FROM jobs
LEFT JOIN LATERAL (
  SELECT started_at, machine FROM job_runs WHERE job_name = name AND ended_at IS NULL LIMIT 1
) AS run ON true
ORDER BY name

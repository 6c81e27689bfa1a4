-- What runs when, and how it went.
SELECT
  false AS is_total,
  name AS job,
  cron,
  timezone AS tz,
  last_outcome AS outcome,
  to_char(last_run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_run_at,
  last_duration_ms AS duration_ms,
  to_char(next_run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS next_run_at,
  last_machine AS machine,
  failures,
  last_error AS error
FROM jobs
ORDER BY name

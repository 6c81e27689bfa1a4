-- How many jobs there are, when the next one runs; and what is worst: a job that failed (what was lost is made again, unless that
-- happens again and again), or else one that nobody runs although it has been due for minutes.
SELECT
  (SELECT count(*) FROM jobs),
  (SELECT to_char(min(next_run_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM jobs),
  worst.name,
  worst.failures,
  worst.last_error,
  to_char(worst.next_run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM (SELECT) AS one
LEFT JOIN LATERAL (
  SELECT name, CASE WHEN last_outcome IN ('failed', 'timed out') OR failures >= 3 THEN failures ELSE 0 END AS failures, last_error,
    next_run_at
  FROM jobs
  WHERE last_outcome IN ('failed', 'timed out') OR failures >= 3
    OR (next_run_at < now() - interval '5 minutes' AND NOT EXISTS (SELECT FROM job_runs WHERE job_name = name AND ended_at IS NULL))
  ORDER BY failures DESC, next_run_at
  LIMIT 1
) AS worst ON true

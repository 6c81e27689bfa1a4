-- What each check of the data found when it ran last, the worst first; checks that there are no more are left out.
WITH latest AS (
  SELECT DISTINCT ON (check_name) *
  FROM data_quality_checks
  WHERE checked_at > (SELECT max(checked_at) FROM data_quality_checks) - interval '1 day'
  ORDER BY check_name, id DESC
)
SELECT
  false AS is_total,
  check_name AS check,
  check_type AS type,
  table_name AS table,
  status,
  message,
  metric_value AS value,
  threshold,
  to_char(checked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS checked_at
FROM latest
ORDER BY array_position('{fail,warn,pass}', status), check_name COLLATE "C"

-- The months that have sessions between $1 and $2 (text, or null; $3: $2 is a day, all of it), in UTC: from, to, name, and
-- about how many rows.
WITH wanted AS (
  SELECT coalesce($1::timestamptz, '-infinity') AS since,
    coalesce($2::timestamptz + CASE WHEN $3::boolean THEN interval '1 day' ELSE interval '0' END, 'infinity') AS till
), span AS (
  SELECT min(started_at) AS first, max(started_at) AS last FROM session_attribution, wanted
  WHERE started_at >= since AND started_at < till
)
SELECT greatest(since, month AT TIME ZONE 'UTC'), least(till, (month + interval '1 month') AT TIME ZONE 'UTC'),
  to_char(month, 'YYYY-MM'),
  coalesce((SELECT greatest(reltuples, 0) FROM pg_class
    WHERE oid = to_regclass(format('%I.%I', current_schema(), 'session_attribution' || to_char(month, '_YYYY_MM')))), 0)::bigint
FROM wanted, span, generate_series(date_trunc('month', first AT TIME ZONE 'UTC'), last AT TIME ZONE 'UTC', '1 month') AS month
ORDER BY month

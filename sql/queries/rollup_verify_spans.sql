-- The days from $1 to $2, itself included, that have raw rows or roll-ups, in parts of about $3 page views (from, to, the end
-- not included); the last row is the whole of what was asked for.
WITH instant AS (
  SELECT min(started_at) AS first, max(started_at) AS last FROM user_sessions
  UNION ALL SELECT min(viewed_at), max(viewed_at) FROM page_views
  UNION ALL SELECT min(created_at), max(created_at) FROM user_events
  UNION ALL SELECT min(started_at), max(started_at) FROM session_summaries
  UNION ALL SELECT min(hour), max(hour) FROM overview_hourly
  UNION ALL SELECT min(hour), max(hour) FROM page_metrics_hourly
),
day AS (
  SELECT (first AT TIME ZONE timezone)::date AS first, (last AT TIME ZONE timezone)::date AS last FROM instant, rollup_state
  UNION ALL SELECT min(date), max(date) FROM overview_daily
  UNION ALL SELECT min(date), max(date) FROM session_metrics_daily
  UNION ALL SELECT min(date), max(date) FROM session_durations_daily
  UNION ALL SELECT min(date), max(date) FROM page_metrics_daily
  UNION ALL SELECT min(date), max(date) FROM breakdown_daily
  UNION ALL SELECT min(date), max(date) FROM page_transitions_daily
  UNION ALL SELECT min(date), max(date) FROM page_paths_daily
  UNION ALL SELECT min(date), max(date) FROM value_pages_daily
  UNION ALL SELECT min(date), max(date) FROM event_metrics_daily
  UNION ALL SELECT min(date_range_start), max(date_range_start) FROM user_journey_paths
),
span AS (
  SELECT greatest(min(first), $1::date) AS first, least(max(last), $2::date) AS last, max(last) - min(first) + 1 AS days FROM day
),
part AS (
  SELECT greatest(1, least(92, days * $3::bigint / greatest(1, (
    SELECT sum(reltuples) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'page_views'::regclass))))::integer AS days
  FROM span
)
SELECT begins::date, least(begins::date + part.days, last + 1), false AS is_whole
FROM span, part, generate_series(first::timestamp, last, part.days * interval '1 day') AS begins
UNION ALL
SELECT coalesce($1::date, '-infinity'), coalesce($2::date + 1, 'infinity'), true
ORDER BY is_whole, begins

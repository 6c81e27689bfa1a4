-- $1 from, $2 to: instants, the end not included; $3 the zone whose days are shown.
-- A session belongs to the day it started on, with all its views; a view by itself to the day it was made on. The key of
-- the total is the date 'infinity'.
-- A session that several people used has a row for each of them, equal but for the person: it counts once, and each of them
-- is a visitor. Its views lie within a day of its start: it lasts 24 hours at most, and its client may have named it up to
-- 24 hours ahead.
WITH session_row AS (
  SELECT
    id,
    person_id,
    (started_at AT TIME ZONE $3)::date AS date,
    ended_at IS NOT NULL AS is_ended,
    duration_seconds,
    row_number() OVER (PARTITION BY started_at, id ORDER BY person_id) = 1 AS is_first
  FROM user_sessions
  WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz
),
session AS (
  SELECT id, person_id, date, is_first, is_first AND is_ended AS is_ended, duration_seconds
  FROM session_row
),
session_figures AS (
  SELECT
    coalesce(date, 'infinity') AS key,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_ended) AS ended_sessions,
    avg(duration_seconds) FILTER (WHERE is_ended) AS mean_duration,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_ended) AS percentiles,
    count(*) FILTER (WHERE is_ended AND duration_seconds < 30) AS bounce_sessions
  FROM session
  GROUP BY GROUPING SETS ((date), ())
),
ended_views AS (
  SELECT coalesce(session.date, 'infinity') AS key, count(*) AS views
  FROM session
  JOIN page_views ON page_views.session_id = session.id
  WHERE session.is_ended
    AND viewed_at >= $1::timestamptz - interval '1 day' AND viewed_at < $2::timestamptz + interval '1 day'
  GROUP BY GROUPING SETS ((session.date), ())
),
view_figures AS (
  SELECT coalesce(date, 'infinity') AS key, sum(views) AS views
  FROM (
    SELECT (viewed_at AT TIME ZONE $3)::date AS date, count(*) AS views
    FROM page_views
    WHERE viewed_at >= $1::timestamptz AND viewed_at < $2::timestamptz
    GROUP BY 1
  ) AS view_days
  GROUP BY GROUPING SETS ((date), ())
),
frame AS (
  SELECT 'infinity'::date AS key
  UNION ALL
  SELECT day::date
  FROM generate_series(($1::timestamptz AT TIME ZONE $3)::date::timestamp,
    ($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3, interval '1 day') AS day
)
SELECT
  key = 'infinity' AS is_total,
  nullif(key, 'infinity') AS date,
  coalesce(visitors, 0) AS visitors,
  coalesce(sessions, 0) AS sessions,
  coalesce(ended_sessions, 0) AS ended_sessions,
  coalesce(view_figures.views, 0) AS views,
  round(mean_duration, 2) AS mean_duration_seconds,
  round(percentiles[1]::numeric, 2) AS median_duration_seconds,
  round(percentiles[2]::numeric, 2) AS p90_duration_seconds,
  round(coalesce(ended_views.views, 0)::numeric / nullif(ended_sessions, 0), 2) AS pages_per_session,
  coalesce(bounce_sessions, 0) AS bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent
FROM frame
LEFT JOIN session_figures USING (key)
LEFT JOIN ended_views USING (key)
LEFT JOIN view_figures USING (key)
ORDER BY key

-- $1 from, $2 to: instants, the end not included; $3 the zone whose days are shown; $4 what a row stands for: day, week, month.
-- A session belongs to the day it started on, with all its views; a view by itself to the day it was made on. A period is
-- known by its first day within the range; the total's is the date 'infinity'.
-- A session that several people used has a row for each of them, equal but for the person: it counts once, by the row that
-- is_first of those that pass the filter, and each of them is a visitor. Its views lie within a day of its start.
WITH session AS (
  SELECT
    s.session_id,
    s.person_id,
    GREATEST(date_trunc($4, s.started_at AT TIME ZONE $3), $1::timestamptz AT TIME ZONE $3)::date AS date,
    s.is_first /*first s*/ AS is_first,
    (s.is_first /*first s*/) AND s.is_ended AS is_ended,
    s.duration_seconds,
    s.views,
    s.events,
    s.conversions,
    first_day.person_id IS NOT NULL AS is_new
  FROM session_summaries AS s
  LEFT JOIN person_days AS first_day
    ON first_day.person_id = s.person_id AND first_day.date = s.date AND first_day.previous_date = '-infinity'
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz
    /*where s*/
),
session_figures AS (
  SELECT
    coalesce(date, 'infinity') AS key,
    count(DISTINCT person_id) AS visitors,
    count(DISTINCT person_id) FILTER (WHERE is_new) AS new_visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_ended) AS ended_sessions,
    sum(views) FILTER (WHERE is_ended) AS ended_views,
    avg(duration_seconds) FILTER (WHERE is_ended) AS mean_duration,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_ended) AS percentiles,
    count(*) FILTER (WHERE is_ended AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_ended AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_ended AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions
  FROM session
  GROUP BY GROUPING SETS ((date), ())
),
moment_figures AS (
  SELECT coalesce(date, 'infinity') AS key, sum(views) AS views, sum(events) AS events, sum(conversions) AS conversions
  FROM (
    SELECT
      GREATEST(date_trunc($4, v.viewed_at AT TIME ZONE $3), $1::timestamptz AT TIME ZONE $3)::date AS date,
      count(*) AS views,
      0 AS events,
      0 AS conversions
    FROM page_views AS v
    JOIN session_summaries AS s ON s.session_id = v.session_id AND s.person_id = v.person_id
      AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
    WHERE v.viewed_at >= $1::timestamptz AND v.viewed_at < $2::timestamptz
      /*where s*/
    GROUP BY 1
    UNION ALL
    SELECT
      GREATEST(date_trunc($4, e.created_at AT TIME ZONE $3), $1::timestamptz AT TIME ZONE $3)::date AS date,
      0 AS views,
      count(*) AS events,
      count(*) FILTER (WHERE e.event_category = 'Conversion') AS conversions
    FROM user_events AS e
    JOIN session_summaries AS s ON s.session_id = e.session_id AND s.person_id = e.person_id
      AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
    WHERE e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz
      /*where s*/
    GROUP BY 1
  ) AS moments
  GROUP BY GROUPING SETS ((date), ())
),
frame AS (
  SELECT 'infinity'::date AS key
  UNION ALL
  SELECT GREATEST(period, $1::timestamptz AT TIME ZONE $3)::date
  FROM generate_series(date_trunc($4, $1::timestamptz AT TIME ZONE $3),
    ($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3, ('1 ' || $4)::interval) AS period
)
SELECT
  key = 'infinity' AS is_total,
  nullif(key, 'infinity') AS date,
  coalesce(visitors, 0) AS visitors,
  coalesce(new_visitors, 0) AS new_visitors,
  coalesce(sessions, 0) AS sessions,
  coalesce(ended_sessions, 0) AS ended_sessions,
  coalesce(views, 0) AS views,
  coalesce(events, 0) AS events,
  coalesce(conversions, 0) AS conversions,
  round(mean_duration, 2) AS mean_duration_seconds,
  round(percentiles[1]::numeric, 2) AS median_duration_seconds,
  round(percentiles[2]::numeric, 2) AS p90_duration_seconds,
  round(coalesce(ended_views, 0)::numeric / nullif(ended_sessions, 0), 2) AS pages_per_session,
  coalesce(bounce_sessions, 0) AS bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  coalesce(engaged_sessions, 0) AS engaged_sessions,
  round(100.0 * active_engaged_sessions / nullif(ended_sessions, 0), 2) AS engagement_rate_percent
FROM frame
LEFT JOIN session_figures USING (key)
LEFT JOIN moment_figures USING (key)
ORDER BY key

-- The overview of whole days of the reporting time zone, of sessions of which one dimension has one of some values, from what is
-- counted of these by the day. $1 to $4 as in report_overview.sql. Periods have numbers, from 1; the total has 0.
WITH
/*part range_dates*/,
period AS MATERIALIZED (
  SELECT
    row_number() OVER (ORDER BY begins)::integer AS number,
    GREATEST(first_date, begins::date) AS first_date,
    LEAST(last_date, (begins + ('1 ' || $4)::interval)::date - 1) AS last_date
  FROM range, generate_series(date_trunc($4, first_date::timestamp), last_date, ('1 ' || $4)::interval) AS begins
),
day AS MATERIALIZED (
  SELECT period.number, b.*
  FROM period
  JOIN breakdown_daily AS b ON b.date BETWEEN period.first_date AND period.last_date /*value b*/
),
figures AS (
  SELECT
    coalesce(number, 0) AS number,
    sum(sessions) AS sessions,
    sum(ended_sessions) AS ended_sessions,
    sum(made_views) AS views,
    sum(made_events) AS events,
    sum(made_conversions) AS conversions,
    sum(ended_views) AS ended_views,
    sum(duration_seconds) AS duration_seconds,
    sum(bounce_sessions) AS bounce_sessions,
    sum(engaged_sessions) AS engaged_sessions,
    sum(active_engaged_sessions) AS active_engaged_sessions
  FROM day
  GROUP BY GROUPING SETS ((number), ())
),
person AS (
  SELECT
    coalesce(number, 0) AS number,
    count(DISTINCT came.person_id) AS visitors,
    count(DISTINCT first_day.person_id) AS new_visitors
  FROM (SELECT number, date, unnest(persons) AS person_id FROM day) AS came
  LEFT JOIN person_days AS first_day ON first_day.person_id = came.person_id AND first_day.date = came.date
    AND first_day.previous_date = '-infinity' AND first_day.date BETWEEN (SELECT first_date FROM range) AND (SELECT last_date FROM range)
  GROUP BY GROUPING SETS ((number), ())
),
duration AS (
  SELECT coalesce(number, 0) AS number, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_seconds) AS percentiles
  FROM (SELECT number, unnest(durations) AS duration_seconds FROM day) AS session
  GROUP BY GROUPING SETS ((number), ())
)
SELECT
  date IS NULL AS is_total,
  date,
  coalesce(visitors, 0) AS visitors,
  coalesce(new_visitors, 0) AS new_visitors,
  coalesce(sessions, 0) AS sessions,
  coalesce(ended_sessions, 0) AS ended_sessions,
  coalesce(views, 0) AS views,
  coalesce(events, 0) AS events,
  coalesce(conversions, 0) AS conversions,
  round(duration_seconds / nullif(ended_sessions, 0), 2) AS mean_duration_seconds,
  round(percentiles[1]::numeric, 2) AS median_duration_seconds,
  round(percentiles[2]::numeric, 2) AS p90_duration_seconds,
  round(ended_views / nullif(ended_sessions, 0), 2) AS pages_per_session,
  coalesce(bounce_sessions, 0) AS bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  coalesce(engaged_sessions, 0) AS engaged_sessions,
  round(100.0 * active_engaged_sessions / nullif(ended_sessions, 0), 2) AS engagement_rate_percent
FROM (SELECT number, first_date AS date FROM period UNION ALL SELECT 0, NULL) AS shown
LEFT JOIN figures USING (number)
LEFT JOIN person USING (number)
LEFT JOIN duration USING (number)
ORDER BY is_total, date

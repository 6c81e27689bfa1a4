-- $1 from, $2 to: instants, the end not included; $3 the zone whose days are shown; $4 what a row stands for: day, week, month.
-- A session belongs to the day it started on, with all its views; a view by itself to the day it was made on. A period is
-- known by its first day within the range; the total's is the date 'infinity'.
-- A session that several people used has a row for each of them, equal but for the person: it counts once, by the row that
-- is_first of those that pass the filter, and each of them is a visitor. Its views lie within a day of its start.
-- Periods have numbers, from 1; what lies before the range has 0, and behind it the highest. Where all hours in which a session
-- has rows lie in the period it started in, its summary tells of them; else, and where several people used it, the rows are
-- asked. Hours are those of the reporting time zone: in others, and where the range cuts hours, one that begins up to two hours
-- before a bound is taken to lie on both sides of it.
WITH frame AS MATERIALIZED (
  SELECT
    row_number() OVER (ORDER BY period)::integer AS number,
    GREATEST(period, $1::timestamptz AT TIME ZONE $3)::date AS date,
    GREATEST(day_begin(period::date, $3), $1::timestamptz) AS begins_at
  FROM generate_series(date_trunc($4, $1::timestamptz AT TIME ZONE $3),
    ($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3, ('1 ' || $4)::interval) AS period
),
bounds AS MATERIALIZED (
  SELECT
    (SELECT array_agg(begins_at ORDER BY number) FROM frame) || $2::timestamptz AS at,
    (SELECT count(*) FROM frame) AS last,
    CASE WHEN timezone = $3 AND ($1::timestamptz AT TIME ZONE $3)::time = '00:00' AND ($2::timestamptz AT TIME ZONE $3)::time = '00:00'
      THEN 0 ELSE 7200 END AS slack_seconds,
    goals
  FROM rollup_state
),
session AS MATERIALIZED (
  SELECT
    s.session_id,
    s.started_at,
    s.person_id,
    width_bucket(s.started_at, bounds.at) AS number,
    width_bucket(to_timestamp(s.marks[1][1]), bounds.at) AS rows_from,
    width_bucket(to_timestamp(s.marks[cardinality(s.marks) / 2][1] + slack_seconds), bounds.at) AS rows_to,
    s.is_first /*first s*/ AS is_first,
    (s.is_first /*first s*/) AND s.is_ended AS is_ended,
    s.duration_seconds,
    s.views,
    s.events,
    s.conversions,
    first_day.person_id IS NOT NULL AS is_new,
    s.session_id IN (
      SELECT shared.session_id
      FROM session_summaries AS shared
      WHERE shared.started_at >= $1::timestamptz - interval '24 hours' AND shared.started_at < $2::timestamptz + interval '24 hours'
        AND NOT shared.is_first
    ) AS is_shared
  FROM bounds
  CROSS JOIN session_summaries AS s
  LEFT JOIN person_days AS first_day
    ON first_day.person_id = s.person_id AND first_day.date = s.date AND first_day.previous_date = '-infinity'
      AND first_day.date BETWEEN $1::timestamptz::date - 2 AND $2::timestamptz::date + 2
  WHERE s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
    /*where s*/
),
session_figures AS (
  SELECT
    coalesce(number, 0) AS number,
    count(DISTINCT person_id) AS visitors,
    count(DISTINCT person_id) FILTER (WHERE is_new) AS new_visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_ended) AS ended_sessions,
    sum(views) FILTER (WHERE is_ended) AS ended_views,
    avg(duration_seconds) FILTER (WHERE is_ended) AS mean_duration,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_ended) AS percentiles,
    count(*) FILTER (WHERE is_ended AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_ended AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_ended AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    sum(views) FILTER (WHERE rows_from = number AND rows_to = number AND NOT is_shared) AS whole_views,
    sum(events) FILTER (WHERE rows_from = number AND rows_to = number AND NOT is_shared) AS whole_events,
    sum(conversions) FILTER (WHERE rows_from = number AND rows_to = number AND NOT is_shared) AS whole_conversions
  FROM session, bounds
  WHERE number BETWEEN 1 AND last
  GROUP BY GROUPING SETS ((number), ())
),
cut AS MATERIALIZED (
  SELECT session_id, started_at, person_id
  FROM session, bounds
  WHERE (rows_from <> number OR rows_to <> number OR is_shared) AND rows_to > 0 AND rows_from <= last
),
cut_figures AS (
  SELECT coalesce(number, 0) AS number, sum(views) AS views, sum(events) AS events, sum(conversions) AS conversions
  FROM (
    SELECT width_bucket(v.viewed_at, bounds.at) AS number, count(*) AS views, 0 AS events, 0 AS conversions
    FROM cut
    CROSS JOIN bounds
    CROSS JOIN LATERAL (
      SELECT view.viewed_at
      FROM page_views AS view
      WHERE view.session_id = cut.session_id AND view.person_id = cut.person_id
        AND view.viewed_at >= $1::timestamptz AND view.viewed_at < $2::timestamptz
        AND view.viewed_at BETWEEN cut.started_at - interval '1 day' AND cut.started_at + interval '1 day'
      OFFSET 0
    ) AS v
    GROUP BY 1
    UNION ALL
    SELECT width_bucket(e.created_at, bounds.at), 0, count(*), count(*) FILTER (WHERE is_conversion(e.event_category, e.event_action, bounds.goals))
    FROM cut
    CROSS JOIN bounds
    CROSS JOIN LATERAL (
      SELECT event.created_at, event.event_category, event.event_action
      FROM user_events AS event
      WHERE event.session_id = cut.session_id AND event.person_id = cut.person_id
        AND event.created_at >= $1::timestamptz AND event.created_at < $2::timestamptz
        AND event.created_at BETWEEN cut.started_at - interval '1 day' AND cut.started_at + interval '1 day'
      OFFSET 0
    ) AS e
    GROUP BY 1
  ) AS moment
  GROUP BY GROUPING SETS ((number), ())
)
SELECT
  date IS NULL AS is_total,
  date,
  coalesce(visitors, 0) AS visitors,
  coalesce(new_visitors, 0) AS new_visitors,
  coalesce(sessions, 0) AS sessions,
  coalesce(ended_sessions, 0) AS ended_sessions,
  coalesce(whole_views, 0) + coalesce(cut.views, 0) AS views,
  coalesce(whole_events, 0) + coalesce(cut.events, 0) AS events,
  coalesce(whole_conversions, 0) + coalesce(cut.conversions, 0) AS conversions,
  round(mean_duration, 2) AS mean_duration_seconds,
  round(percentiles[1]::numeric, 2) AS median_duration_seconds,
  round(percentiles[2]::numeric, 2) AS p90_duration_seconds,
  round(coalesce(ended_views, 0)::numeric / nullif(ended_sessions, 0), 2) AS pages_per_session,
  coalesce(bounce_sessions, 0) AS bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  coalesce(engaged_sessions, 0) AS engaged_sessions,
  round(100.0 * active_engaged_sessions / nullif(ended_sessions, 0), 2) AS engagement_rate_percent
FROM (SELECT number, date FROM frame UNION ALL SELECT 0, NULL) AS period
LEFT JOIN session_figures USING (number)
LEFT JOIN cut_figures AS cut USING (number)
ORDER BY is_total, date

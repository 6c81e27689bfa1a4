-- Sessions of the days from $1 to $2, the end not included, by all that describes them, and what was made on these days by the
-- same: values with most sessions, as many as are kept, and the rest.
WITH made AS (
  SELECT session_id, person_id, date, sum(views) AS views, sum(events) AS events, sum(conversions) AS conversions
  FROM (
    SELECT session_id, person_id, date, 1 AS views, 0 AS events, 0 AS conversions FROM recount_views
    UNION ALL
    SELECT session_id, person_id, date, 0, 1, is_conversion::integer FROM recount_events
  ) AS moment
  GROUP BY session_id, person_id, date
),
session_day AS (
  SELECT session.*, session.date AS day, true AS is_begun, 0 AS made_views, 0 AS made_events, 0 AS made_conversions
  FROM recount_sessions AS session
  UNION ALL
  SELECT session.*, made.date, false, made.views, made.events, made.conversions
  FROM made
  JOIN recount_sessions AS session USING (session_id, person_id)
),
described AS (
  SELECT dimension, described_id, day AS date, CASE WHEN is_begun THEN person_id END AS person_id, is_begun AND is_first AS is_first,
    is_begun AND is_first AND is_ended AS is_counted_ended, duration_seconds, views, events, conversions, conversion_value,
    made_views, made_events, made_conversions
  FROM session_day
  CROSS JOIN LATERAL (VALUES
    /*part verify_dimensions*/
  ) AS described (dimension, described_id)
  WHERE day >= $1::date AND day < $2::date
),
ranked AS (
  SELECT dimension, date, described_id,
    row_number() OVER (PARTITION BY dimension, date ORDER BY sessions DESC, value COLLATE "C") AS rank
  FROM (
    SELECT dimension, date, described_id, count(*) FILTER (WHERE is_first) AS sessions
    FROM described GROUP BY dimension, date, described_id
  ) AS counted
  LEFT JOIN dimension_values ON id = described_id
),
session AS (
  SELECT described.*, CASE WHEN rank > (SELECT pages_max FROM rollup_state) THEN 1 ELSE described_id END AS value_id
  FROM described LEFT JOIN ranked USING (dimension, date, described_id)
),
recount AS (
  SELECT dimension, date, value_id,
    count(DISTINCT person_id)::integer AS visitors,
    count(*) FILTER (WHERE is_first)::integer AS sessions,
    count(*) FILTER (WHERE is_counted_ended)::integer AS ended_sessions,
    count(*) FILTER (WHERE is_counted_ended AND duration_seconds < 30)::integer AS bounce_sessions,
    count(*) FILTER (WHERE is_counted_ended AND duration_seconds >= 600)::integer AS engaged_sessions,
    count(*) FILTER (WHERE is_counted_ended AND (duration_seconds > 10 OR views >= 2 OR conversions > 0))::integer
      AS active_engaged_sessions,
    coalesce(sum(views) FILTER (WHERE is_counted_ended), 0) AS ended_views,
    coalesce(sum(views) FILTER (WHERE is_first), 0) AS views,
    coalesce(sum(events) FILTER (WHERE is_first), 0) AS events,
    coalesce(sum(conversions) FILTER (WHERE is_first), 0) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0)::integer AS converted_sessions,
    coalesce(sum(conversion_value) FILTER (WHERE is_first), 0) AS conversion_value,
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted_ended), 0) AS duration_seconds,
    CASE WHEN value_id <> 1 THEN coalesce(array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL), '{}') END AS persons,
    CASE WHEN value_id <> 1 THEN coalesce(array_agg(duration_seconds ORDER BY duration_seconds) FILTER (WHERE is_counted_ended), '{}') END
      AS durations,
    sum(made_views)::bigint AS made_views,
    sum(made_events)::bigint AS made_events,
    sum(made_conversions)::bigint AS made_conversions
  FROM session
  GROUP BY dimension, date, value_id
),
stored AS (
  SELECT * FROM breakdown_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'breakdown_daily', concat_ws(' ', date, dimension, coalesce(nullif(value, ''), '(none)')), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (dimension, date, value_id)
  LEFT JOIN dimension_values ON id = value_id
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

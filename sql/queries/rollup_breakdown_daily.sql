-- The sessions of the day that begins at $1, by what describes them, and what was made on it in sessions of then and before. Where all
-- hours in which a session has rows lie in the day, its summary tells of them; of the others, and of those of several persons, the
-- rows are asked.
WITH bucket AS MATERIALIZED (
  SELECT timezone, pages_max, goals, date, $1::timestamptz AS begins_at, day_begin(date + 1, timezone) AS ends_at,
    /*part dimension_names*/ AS dimensions
  FROM (SELECT timezone, pages_max, goals, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state) AS day
), near AS MATERIALIZED ( -- what began on the day, or has rows in it
  SELECT s.*, s.date = bucket.date AS is_of_day,
    to_timestamp(s.marks[1][1]) >= begins_at AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) < ends_at
      AND s.session_id NOT IN (
        SELECT shared.session_id
        FROM session_summaries AS shared
        WHERE shared.started_at >= $1::timestamptz - interval '1 day' AND shared.started_at < $2::timestamptz + interval '1 day'
          AND NOT shared.is_first
      ) AS is_whole
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
    AND (s.date = bucket.date
      OR (to_timestamp(s.marks[1][1]) < ends_at AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) >= begins_at))
), cut AS (
  SELECT near.session_id, near.person_id, v.views, e.events, e.conversions
  FROM bucket, near
  CROSS JOIN LATERAL (
    SELECT count(*) AS views
    FROM page_views view
    WHERE view.session_id = near.session_id AND view.person_id = near.person_id
      AND view.viewed_at >= $1::timestamptz AND view.viewed_at < $2::timestamptz AND view.viewed_at < ends_at
  ) AS v
  CROSS JOIN LATERAL (
    SELECT count(*) AS events, count(*) FILTER (WHERE is_conversion(event.event_category, event.event_action, goals)) AS conversions
    FROM user_events event
    WHERE event.session_id = near.session_id AND event.person_id = near.person_id
      AND event.created_at >= $1::timestamptz AND event.created_at < $2::timestamptz AND event.created_at < ends_at
  ) AS e
  WHERE NOT is_whole
), described AS ( -- dimensions by their number
  SELECT CASE WHEN is_of_day THEN s.person_id END AS person_id, is_of_day AND s.is_first AS is_first,
    is_of_day AND s.is_first AND s.is_ended AS is_counted, s.duration_seconds, s.views, s.events, s.conversions,
    s.conversion_value,
    CASE WHEN is_whole THEN s.views ELSE cut.views END AS made_views,
    CASE WHEN is_whole THEN s.events ELSE cut.events END AS made_events,
    CASE WHEN is_whole THEN s.conversions ELSE cut.conversions END AS made_conversions,
    generate_series(1, cardinality(dimensions)) AS number, unnest(
    /*part dimension_ids*/) AS value_id
  FROM bucket, near s
  LEFT JOIN cut USING (session_id, person_id)
), figures AS (
  SELECT number, value_id,
    coalesce(array_agg(DISTINCT person_id ORDER BY person_id) FILTER (WHERE person_id IS NOT NULL), '{}') AS persons,
    coalesce(array_agg(duration_seconds ORDER BY duration_seconds) FILTER (WHERE is_counted), '{}') AS durations,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_counted) AS ended_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_counted AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    coalesce(sum(views) FILTER (WHERE is_counted), 0) AS ended_views,
    coalesce(sum(views) FILTER (WHERE is_first), 0) AS views,
    coalesce(sum(events) FILTER (WHERE is_first), 0) AS events,
    coalesce(sum(conversions) FILTER (WHERE is_first), 0) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions,
    coalesce(sum(conversion_value) FILTER (WHERE is_first), 0) AS conversion_value,
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted), 0) AS duration_seconds,
    coalesce(sum(made_views), 0) AS made_views,
    coalesce(sum(made_events), 0) AS made_events,
    coalesce(sum(made_conversions), 0) AS made_conversions
  FROM described
  GROUP BY number, value_id
  HAVING count(person_id) > 0 OR sum(made_views + made_events) > 0
), ranked AS ( -- texts one by one: the dictionary is that of all history
  SELECT figures.*, value_id <> 1
    AND row_number() OVER (PARTITION BY number ORDER BY sessions DESC, value COLLATE "C") <= (SELECT pages_max FROM bucket) AS is_kept
  FROM figures
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = value_id OFFSET 0) AS d
), rest AS (
  SELECT number, count(DISTINCT person_id) AS visitors
  FROM (SELECT number, unnest(persons) AS person_id FROM ranked WHERE NOT is_kept) AS visit
  GROUP BY number
), fresh (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds, persons, durations, made_views, made_events, made_conversions
) AS (
  SELECT dimensions[number], date, value_id, cardinality(persons), sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value, duration_seconds,
    persons, durations, made_views, made_events, made_conversions
  FROM bucket, ranked
  WHERE is_kept
  UNION ALL
  SELECT dimensions[number], date, 1, coalesce(min(rest.visitors), 0), sum(sessions), sum(ended_sessions), sum(bounce_sessions), sum(engaged_sessions),
    sum(active_engaged_sessions), sum(ended_views), sum(views), sum(events), sum(conversions), sum(converted_sessions),
    sum(conversion_value), sum(duration_seconds), NULL, NULL, sum(made_views), sum(made_events), sum(made_conversions)
  FROM bucket, ranked
  LEFT JOIN rest USING (number)
  WHERE NOT is_kept
  GROUP BY dimensions, number, date
), gone AS (
  DELETE FROM breakdown_daily t
  WHERE t.dimension = ANY ((SELECT dimensions FROM bucket)::text[]) AND t.date = (SELECT date FROM bucket)
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.dimension = t.dimension AND f.date = t.date AND f.value_id = t.value_id)
)
INSERT INTO breakdown_daily AS t
SELECT * FROM fresh
ON CONFLICT (dimension, date, value_id) DO UPDATE SET (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds, persons, durations, made_views, made_events, made_conversions
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

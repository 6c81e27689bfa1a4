-- Ways through the site: the first pages of each session that has views, repeats of a page left out. $1 from, $2 to: when the
-- session began; $3 the zone, in which nothing is counted; $4 how many pages at the most; $5 a goal, page:… or event:…, with *
-- for any text, NULL: any conversion; $6 the type of device; $7 how many rows, $8 behind which place. All but the sessions is
-- counted for the rows that are shown only.
WITH goal AS (
  SELECT
    split_part($5, ':', 1) AS kind,
    like_pattern(substr($5, strpos($5, ':') + 1)) AS pattern
),
goal_page AS MATERIALIZED (
  SELECT coalesce(array_agg(id), '{}') AS ids
  FROM dimension_values, goal
  WHERE kind = 'page' AND (value LIKE pattern OR substr(value, strpos(value, '/')) LIKE pattern)
),
goal_session AS MATERIALIZED (
  SELECT DISTINCT e.session_id
  FROM user_events AS e, goal
  WHERE kind = 'event' AND e.event_action LIKE pattern
    AND e.created_at >= $1::timestamptz - interval '1 day' AND e.created_at < $2::timestamptz + interval '1 day'
),
session AS MATERIALIZED (
  SELECT
    s.person_id,
    s.is_first /*first s*/ AS is_first,
    s.is_ended,
    s.duration_seconds,
    CASE
      WHEN $5::text IS NULL THEN s.conversions > 0
      WHEN $5 LIKE 'page:%' THEN s.pages && (SELECT ids FROM goal_page)
      ELSE s.session_id IN (SELECT session_id FROM goal_session) END AS is_converted,
    CASE
      WHEN cardinality(coalesce(s.path, s.pages)) <= $4::integer THEN coalesce(s.path, s.pages)
      ELSE (coalesce(s.path, s.pages))[:$4::integer] END AS path
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.views > 0 AND $3 <> ''
    AND ($6::text IS NULL OR s.device_type_id = (SELECT id FROM dimension_values WHERE value = $6))
    /*where s*/
),
shown AS MATERIALIZED (
  SELECT
    *,
    $8::bigint + row_number() OVER (ORDER BY sessions DESC, cardinality(path), path) AS place
  FROM (
    SELECT path, count(*) FILTER (WHERE is_first) AS sessions
    FROM session
    GROUP BY path
    ORDER BY sessions DESC, cardinality(path), path
    LIMIT $7::bigint + 1 OFFSET $8::bigint
  ) AS figures
),
seen AS (
  SELECT
    place,
    count(DISTINCT person_id) AS visitors,
    avg(duration_seconds) FILTER (WHERE is_first AND is_ended) AS duration,
    count(*) FILTER (WHERE is_first AND is_converted) AS converted_sessions
  FROM session
  JOIN shown USING (path)
  GROUP BY place
)
SELECT
  false AS is_total,
  place AS cursor,
  (
    SELECT json_agg(value ORDER BY step)
    FROM unnest(path) WITH ORDINALITY AS way (page, step)
    JOIN dimension_values ON dimension_values.id = page
  ) AS path,
  cardinality(path) AS pages,
  sessions,
  visitors,
  round(duration, 2) AS mean_duration_seconds,
  round(100.0 * converted_sessions / nullif(sessions, 0), 2) AS conversion_rate_percent
FROM shown
JOIN seen USING (place)
ORDER BY place

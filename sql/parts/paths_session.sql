-- The sessions whose ways are counted, up to where more may be said of them; they end with a parenthesis. $1 from, $2 to: when the
-- session began; $3 the zone, in which nothing is counted; $4 how many pages at the most; $5 a goal, page:… or event:…, with * for
-- any text, NULL: any conversion; $6 the type of device.
goal AS (
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
    AND e.created_at >= $1::timestamptz - interval '24 hours' AND e.created_at < $2::timestamptz + interval '24 hours'
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

-- How many reached each goal that is saved. $1 from, $2 to: when their session began; $3 the zone, in which nothing is counted.
WITH goal AS MATERIALIZED (
  SELECT saved.name, aim.kind, aim.pattern AS target, like_pattern(aim.pattern) AS pattern
  FROM saved, jsonb_each_text(saved.definition) AS aim (kind, pattern)
  WHERE saved.kind = 'goal'
),
session AS MATERIALIZED (
  SELECT s.session_id, s.person_id, s.is_first /*first s*/ AS is_first, s.pages
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND $3 <> ''
    /*where s*/
),
whole AS (
  SELECT count(*) FILTER (WHERE is_first) AS sessions FROM session
),
page_goal AS MATERIALIZED (
  SELECT goal.name, array_agg(named.id) AS ids
  FROM goal
  JOIN dimension_values AS named ON named.value LIKE goal.pattern
    OR substr(named.value, strpos(named.value, '/')) LIKE goal.pattern
  WHERE goal.kind = 'page'
  GROUP BY goal.name
),
reached AS (
  SELECT page_goal.name, session.session_id, session.person_id, NULL::uuid AS event_id, NULL::numeric AS value
  FROM page_goal
  JOIN session ON session.pages && page_goal.ids
  UNION ALL
  SELECT goal.name, session.session_id, session.person_id, e.id, e.event_value
  FROM goal
  JOIN user_events AS e ON goal.kind = 'event' AND e.event_action LIKE goal.pattern
    AND e.created_at >= $1::timestamptz - interval '24 hours' AND e.created_at < $2::timestamptz + interval '24 hours'
  JOIN session ON session.session_id = e.session_id AND session.person_id = e.person_id
),
figures AS (
  SELECT
    name,
    count(DISTINCT session_id) AS sessions,
    count(DISTINCT person_id) AS visitors,
    count(event_id) AS events,
    sum(value) AS value_sum
  FROM reached
  GROUP BY name
)
SELECT
  false AS is_total,
  goal.name AS goal,
  goal.kind,
  goal.target,
  coalesce(figures.sessions, 0) AS sessions,
  coalesce(figures.visitors, 0) AS visitors,
  round(100.0 * coalesce(figures.sessions, 0) / nullif(whole.sessions, 0), 2) AS conversion_rate_percent,
  coalesce(figures.events, 0) AS events,
  figures.value_sum
FROM goal
CROSS JOIN whole
LEFT JOIN figures USING (name)
ORDER BY goal.name COLLATE "C"

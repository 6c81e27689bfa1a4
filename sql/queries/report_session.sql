-- What happened in the session $1, in its order. $2 how many views and events; $3 the one behind which to go on.
WITH moment AS (
  SELECT
    v.viewed_at AS at,
    v.id,
    'page' AS kind,
    v.page_view_id,
    v.page_host AS host,
    v.page_url AS page,
    v.page_title AS title,
    NULL AS category,
    NULL AS label,
    NULL::numeric AS value,
    v.time_on_page_seconds,
    v.scroll_depth_percent,
    NULL::jsonb AS properties
  FROM (SELECT *, id AS page_view_id FROM page_views) AS v
  WHERE v.session_id = $1::uuid
    AND v.viewed_at BETWEEN uuid7_ts($1::uuid) - interval '1 day' AND uuid7_ts($1::uuid) + interval '2 days'
  UNION ALL
  SELECT
    e.created_at, e.id, e.event_type, e.page_view_id, NULL, NULL, e.event_action, e.event_category, e.event_label,
    e.event_value, NULL, NULL, e.metadata
  FROM user_events AS e
  WHERE e.session_id = $1::uuid
    AND e.created_at BETWEEN uuid7_ts($1::uuid) - interval '1 day' AND uuid7_ts($1::uuid) + interval '2 days'
)
SELECT
  false AS is_total,
  id AS cursor,
  to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  id,
  kind,
  page_view_id AS page_view,
  host,
  page,
  title,
  category,
  label,
  value,
  time_on_page_seconds,
  scroll_depth_percent,
  properties
FROM moment
WHERE $3::text IS NULL OR (moment.at, moment.id) > (uuid7_ts($3::uuid), $3::uuid)
ORDER BY moment.at, moment.id
LIMIT $2::bigint + 1

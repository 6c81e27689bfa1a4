-- Leaves of the sessions $1: those of the batch, and those kept from before; at most $2.
WITH fresh AS (
  SELECT v.session_id, l.left_at, l.page_view_id, l.is_session_end
  FROM batch_leaves l JOIN page_views v ON v.viewed_at = l.viewed_at AND v.id = l.page_view_id
  WHERE v.session_id = ANY ($1::uuid[])
), leave AS (
  SELECT session_id, left_at, page_view_id, is_session_end, false AS is_kept FROM fresh
  UNION ALL
  SELECT session_id, left_at, page_view_id, false, true FROM session_leaves
  WHERE session_id = ANY ($1::uuid[])
)
SELECT l.session_id, ts_ms(l.left_at), l.page_view_id, l.is_session_end, l.is_kept,
  ts_ms(s.last_activity_at), coalesce(s.is_made_by_loader, true), s.ended_at IS NOT NULL
FROM leave l
LEFT JOIN LATERAL (
  SELECT * FROM user_sessions s WHERE s.started_at = uuid7_ts(l.session_id) AND s.id = l.session_id LIMIT 1) s ON true
ORDER BY 1, 2, 3
LIMIT $2::bigint

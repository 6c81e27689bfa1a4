-- The sessions $1, each with the leaves that are kept of it; at most $2 rows.
SELECT q.id, ts_ms(s.last_activity_at), coalesce(s.is_made_by_loader, true), l.page_view_id, ts_ms(l.left_at)
FROM unnest($1::uuid[]) AS q (id)
LEFT JOIN LATERAL (
  SELECT * FROM user_sessions s WHERE s.started_at = uuid7_ts(q.id) AND s.id = q.id LIMIT 1) s ON true
LEFT JOIN session_leaves l ON l.session_id = q.id
ORDER BY q.id
LIMIT $2::bigint

-- Leaves of views $1, at $2 (ms), in sessions $3; $4: whether the loader made the session.
INSERT INTO session_leaves (page_view_id, left_at, session_id, is_made_by_loader)
SELECT id, ms_ts(ms), session_id, is_made
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::boolean[]) AS k (id, ms, session_id, is_made)
ON CONFLICT DO NOTHING

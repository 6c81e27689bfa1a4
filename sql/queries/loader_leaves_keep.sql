INSERT INTO session_leaves (page_view_id, left_at, session_id)
SELECT id, ms_ts(ms), session_id FROM unnest($1::uuid[], $2::bigint[], $3::uuid[]) AS k (id, ms, session_id)
ON CONFLICT DO NOTHING

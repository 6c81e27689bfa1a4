DELETE FROM session_leaves l USING unnest($1::uuid[], $2::bigint[]) AS k (id, ms)
WHERE l.page_view_id = k.id AND l.left_at = ms_ts(k.ms)

UPDATE session_leaves l SET session_id = b.session_id
FROM batch_row_sessions b
WHERE b.is_view AND l.page_view_id = b.id AND l.session_id <> b.session_id

-- Which of the sessions $1 have leaves that are kept for a gap to close.
SELECT DISTINCT l.session_id FROM unnest($1::uuid[]) AS q (id) JOIN session_leaves l ON l.session_id = q.id

-- Leaves that may still carry on a session; those of the person's own views.
DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(l)
FROM user_sessions AS s
JOIN session_leaves AS l ON l.session_id = s.id
JOIN page_views AS v ON v.viewed_at = uuid7_ts(l.page_view_id) AND v.id = l.page_view_id AND v.person_id = s.person_id
WHERE s.person_id = $1::bigint
ORDER BY l.left_at

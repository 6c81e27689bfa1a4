DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(a) || jsonb_build_object('person_id', a.person_id::text)
FROM user_sessions AS s
JOIN session_attribution AS a ON a.started_at = s.started_at AND a.session_id = s.id AND a.person_id = s.person_id
WHERE s.person_id = $1::bigint
ORDER BY s.started_at, s.id

DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(s) || jsonb_build_object('person_id', s.person_id::text, 'browser_id', s.browser_id::text)
FROM user_sessions AS s
WHERE s.person_id = $1::bigint
ORDER BY s.started_at, s.id

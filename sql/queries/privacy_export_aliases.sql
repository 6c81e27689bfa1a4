DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(a) || jsonb_build_object('anonymous_id', a.anonymous_id::text, 'person_id', a.person_id::text)
FROM person_aliases AS a
WHERE a.person_id = $1::bigint
ORDER BY a.identify_id

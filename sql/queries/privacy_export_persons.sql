DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(p) || jsonb_build_object('id', p.id::text)
FROM persons AS p
WHERE p.id = $1::bigint

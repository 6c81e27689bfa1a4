DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(p) || jsonb_build_object('person_id', p.person_id::text)
FROM person_periods AS p
WHERE p.person_id = $1::bigint

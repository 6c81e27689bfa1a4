DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(d) || jsonb_build_object('person_id', d.person_id::text)
FROM person_days AS d
WHERE d.person_id = $1::bigint
ORDER BY d.date

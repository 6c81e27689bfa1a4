DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(c) || jsonb_build_object('person_id', c.person_id::text)
FROM user_consent AS c
WHERE c.person_id = $1::bigint OR c.person_id IN (SELECT person_browsers($1::bigint))
ORDER BY c.person_id DESC

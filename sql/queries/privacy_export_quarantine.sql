DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(q) || jsonb_build_object('id', q.id::text, 'user_id', q.user_id::text, 'anonymous_id', q.anonymous_id::text)
FROM quarantine AS q
WHERE q.user_id = $1::bigint OR (q.user_id IS NULL AND q.anonymous_id IN (SELECT person_browsers($1::bigint)))
ORDER BY q.id

-- Which are stored already, as ordinals: of the views $1 of persons $2, of the events $3 of persons $4, of the robots' hits $5.
SELECT 'v', q.ordinal FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS q (id, person_id, ordinal)
JOIN page_views v ON v.viewed_at = uuid7_ts(q.id) AND v.id = q.id AND v.person_id = q.person_id
UNION ALL
SELECT 'e', q.ordinal FROM unnest($3::uuid[], $4::bigint[]) WITH ORDINALITY AS q (id, person_id, ordinal)
JOIN user_events e ON e.created_at = uuid7_ts(q.id) AND e.id = q.id AND e.person_id = q.person_id
UNION ALL
SELECT 'r', q.ordinal FROM unnest($5::uuid[]) WITH ORDINALITY AS q (id, ordinal)
JOIN robots r ON r.seen_at = uuid7_ts(q.id) AND r.id = q.id

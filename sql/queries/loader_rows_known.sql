-- Of the rows $1 (ids) of persons $2: those that are stored, and whether as a view. A view and an event may have one id.
SELECT v.id, true FROM unnest($1::uuid[], $2::bigint[]) AS q (id, person_id)
JOIN page_views v ON v.viewed_at = uuid7_ts(q.id) AND v.id = q.id AND v.person_id = q.person_id
UNION ALL
SELECT e.id, false FROM unnest($1::uuid[], $2::bigint[]) AS q (id, person_id)
JOIN user_events e ON e.created_at = uuid7_ts(q.id) AND e.id = q.id AND e.person_id = q.person_id

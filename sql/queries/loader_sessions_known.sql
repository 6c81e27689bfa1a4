-- What is stored of the sessions $1, at most $2 rows.
SELECT s.id, s.person_id, s.first_hit_id, ts_ms(s.last_activity_at), s.is_made_by_loader
FROM unnest($1::uuid[]) AS q (id) JOIN user_sessions s ON s.started_at = uuid7_ts(q.id) AND s.id = q.id
ORDER BY s.id
LIMIT $2::bigint

-- The oldest open request behind $1.
SELECT id, person_id, action, step, ts_ms(step_at) FROM person_requests WHERE id > $1::bigint ORDER BY id LIMIT 1

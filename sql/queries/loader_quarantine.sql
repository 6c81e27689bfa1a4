INSERT INTO quarantine (hit_id, reason, sqlstate, user_id, anonymous_id, payload)
VALUES ($1::uuid, $2, $3, $4::bigint, $5::bigint, $6::bytea)

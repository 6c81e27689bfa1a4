SELECT id, quarantined_at, reason, sqlstate, hit_id, octet_length(payload) AS bytes
FROM quarantine WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint

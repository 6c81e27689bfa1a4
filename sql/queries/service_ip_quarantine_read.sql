-- Hits in quarantine behind $1, $2 at most: their keys stand inside of them.
SELECT id, encode(payload, 'hex') FROM quarantine WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint FOR UPDATE

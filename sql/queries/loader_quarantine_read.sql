-- Hits in quarantine behind $1, one ($2) or all, up to $3 (null: the last there is now, which is given back); $4 at a time.
SELECT q.id, encode(q.payload, 'hex'), m.last
FROM quarantine q, (SELECT coalesce($3::bigint, max(id)) AS last FROM quarantine) m
WHERE q.id > $1::bigint AND q.id <= m.last AND ($2::bigint IS NULL OR q.id = $2::bigint)
ORDER BY q.id LIMIT $4::bigint

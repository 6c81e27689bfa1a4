-- Sessions behind $1 whose address is not encrypted with the key $2 (hexadecimal), $3 at most, locked in the order of all writers.
SELECT id, encode(ip_address_encrypted, 'hex') FROM user_sessions
WHERE (started_at, id) > (uuid7_ts($1::uuid), $1::uuid) AND substring(ip_address_encrypted FROM 2 FOR 4) <> decode($2::text, 'hex')
ORDER BY started_at, id LIMIT $3::bigint FOR UPDATE

-- As service_ip_sessions_read, of the contexts of hits.
SELECT id, encode(ip_address_encrypted, 'hex') FROM hit_contexts
WHERE id > $1::uuid AND substring(ip_address_encrypted FROM 2 FOR 4) <> decode($2::text, 'hex')
ORDER BY id LIMIT $3::bigint FOR UPDATE

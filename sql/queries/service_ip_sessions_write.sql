UPDATE user_sessions s SET ip_address_encrypted = decode(n.fresh, 'hex')
FROM unnest($1::uuid[], $2::text[]) AS n (id, fresh)
WHERE s.started_at = uuid7_ts(n.id) AND s.id = n.id

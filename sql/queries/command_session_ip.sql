SELECT encode(ip_address_encrypted, 'hex') FROM user_sessions WHERE started_at = uuid7_ts($1::uuid) AND id = $1::uuid

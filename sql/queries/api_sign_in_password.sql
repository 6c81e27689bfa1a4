-- $1 the name. No token is needed for it but the password.
SELECT id, role, name, password_hash
FROM api_tokens
WHERE name = $1 AND password_hash IS NOT NULL AND revoked_at IS NULL AND coalesce(expires_at > now(), true)

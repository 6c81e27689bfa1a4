-- $1 the hash of a token or link. What it may not be used for is the same as that it is not known.
SELECT id, role, name, NULL AS password_hash
FROM api_tokens
WHERE token_sha256 = $1 AND revoked_at IS NULL AND link_used_at IS NULL AND coalesce(expires_at > now(), true)

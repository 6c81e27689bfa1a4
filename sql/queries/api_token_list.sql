SELECT
  id,
  name,
  role,
  CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN link_used_at IS NOT NULL THEN 'used' WHEN expires_at <= now() THEN 'expired'
    ELSE 'active' END AS state,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
  to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS expires_at,
  to_char(last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_used_at,
  to_char(revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS revoked_at,
  CASE WHEN is_link THEN 'link' WHEN role = 'share' THEN 'share' WHEN password_hash IS NOT NULL THEN 'password' ELSE 'token' END AS kind
FROM api_tokens
ORDER BY id

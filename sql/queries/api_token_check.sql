-- $1 the token's hash.
SELECT
  id,
  role,
  revoked_at IS NOT NULL AS is_revoked,
  coalesce(expires_at <= now(), false) AS is_expired,
  coalesce(last_used_at < now() - interval '1 minute', true) AS is_use_stale,
  name,
  share_filter
FROM api_tokens
WHERE token_sha256 = $1 AND NOT is_link

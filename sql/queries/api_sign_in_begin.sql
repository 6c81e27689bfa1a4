-- $1 the token, $2 the cookie's hash, $3 what protects changes, $4 hours that it is good for. No row: a link that was used
-- meanwhile. Ends with its token, too, but not with the time that a link may be used in.
WITH used AS (
  UPDATE api_tokens
  SET last_used_at = now(), link_used_at = CASE WHEN is_link THEN now() END
  WHERE id = $1::bigint AND link_used_at IS NULL AND revoked_at IS NULL
  RETURNING id, CASE WHEN NOT is_link THEN expires_at END AS expires_at
),
cleared AS (
  DELETE FROM sign_ins WHERE expires_at < now()
),
begun AS (
  INSERT INTO sign_ins (token_id, cookie_sha256, csrf, expires_at)
  SELECT id, $2, $3, least(now() + $4::integer * interval '1 hour', expires_at) FROM used
  RETURNING token_id, expires_at
),
noted AS (
  INSERT INTO audit_log (action, outcome, token_id)
  SELECT 'sign_in', 'done', token_id FROM begun
)
SELECT
  to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS expires_at,
  ceil(extract(epoch FROM expires_at - now()))::bigint AS seconds
FROM begun

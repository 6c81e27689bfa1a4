WITH noted AS (
  INSERT INTO audit_log (action, outcome, subject)
  SELECT 'token.revoke', 'done', 'token ' || id FROM api_tokens WHERE id = $1::bigint AND revoked_at IS NULL
)
UPDATE api_tokens
SET revoked_at = coalesce(revoked_at, now())
WHERE id = $1::bigint

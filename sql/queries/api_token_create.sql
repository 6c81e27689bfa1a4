-- $1 name, $2 role, $3 the token's hash or null, $4 expiry or null, $5 the password's hash or null, $6 whether it is a link.
WITH made AS (
  INSERT INTO api_tokens (name, role, token_sha256, expires_at, password_hash, is_link)
  VALUES ($1, $2, $3, $4::timestamptz, $5, $6::boolean)
  RETURNING id
),
noted AS (
  INSERT INTO audit_log (action, outcome, subject)
  SELECT 'token.create', 'done', 'token ' || id FROM made
)
SELECT id FROM made

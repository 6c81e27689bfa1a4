-- $1 name, $2 the view that it opens, $3 the filter that it is bound to, $4 days that it is good for, $5 the token's hash, $6 the
-- token of who makes it. Gives no row where a thousand, the most, are in force already.
WITH made AS (
  SELECT share_make($1, $2, $3, $4::integer, $5) AS id
  WHERE (SELECT count(*) FROM api_tokens WHERE role = 'share' AND revoked_at IS NULL AND expires_at > now()) < 1000
),
noted AS (
  INSERT INTO audit_log (action, outcome, token_id, subject)
  SELECT 'share.make', 'done', $6::bigint, 'token ' || id FROM made
)
SELECT id FROM made

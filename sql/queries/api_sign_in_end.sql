-- $1 the sign-in.
WITH ended AS (
  DELETE FROM sign_ins WHERE id = $1::bigint
  RETURNING token_id
)
INSERT INTO audit_log (action, outcome, token_id)
SELECT 'sign_out', 'done', token_id FROM ended

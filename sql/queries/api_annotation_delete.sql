-- Forgets $1, for the token $2; gives no row where there is none.
WITH gone AS (
  DELETE FROM annotations WHERE id = $1::bigint
  RETURNING id
)
INSERT INTO audit_log (action, outcome, token_id, subject)
SELECT 'annotation.delete', 'done', $2::bigint, 'annotation ' || id FROM gone

-- Forgets the $1 of the name $2, for the token $3, and notes it; gives no row where there is none.
WITH change AS (
  DELETE FROM saved WHERE kind = $1 AND name = $2
  RETURNING kind, name
)
INSERT INTO audit_log (action, outcome, token_id, subject)
SELECT 'saved.delete', 'done', $3::bigint, kind || ' ' || name FROM change

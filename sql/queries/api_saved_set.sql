-- Saves $3 as the $1 of the name $2, by the token $4, and notes it; gives no row where a thousand of the kind, the most, are saved
-- already.
WITH change AS (
  INSERT INTO saved (kind, name, definition, token_id)
  SELECT $1, $2, $3::jsonb, $4::bigint
  WHERE EXISTS (SELECT FROM saved WHERE kind = $1 AND name = $2) OR (SELECT count(*) FROM saved WHERE kind = $1) < 1000
  ON CONFLICT (kind, name) DO UPDATE SET definition = EXCLUDED.definition, token_id = EXCLUDED.token_id, saved_at = now()
  RETURNING kind, name, token_id
)
INSERT INTO audit_log (action, outcome, token_id, subject)
SELECT 'saved.set', 'done', token_id, kind || ' ' || name FROM change

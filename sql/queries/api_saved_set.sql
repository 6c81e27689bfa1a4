-- Saves $3 as the $1 of the name $2, by the token $4; a thousand of a kind are the most.
INSERT INTO saved (kind, name, definition, token_id)
SELECT $1, $2, $3::jsonb, $4::bigint
WHERE EXISTS (SELECT FROM saved WHERE kind = $1 AND name = $2) OR (SELECT count(*) FROM saved WHERE kind = $1) < 1000
ON CONFLICT (kind, name) DO UPDATE SET definition = EXCLUDED.definition, token_id = EXCLUDED.token_id, saved_at = now()

-- The session $1 as person $2 has it, made by the loader, with its attribution.
WITH gone AS (
  DELETE FROM user_sessions s
  WHERE s.started_at = uuid7_ts($1::uuid) AND s.id = $1::uuid AND s.person_id = $2::bigint AND s.is_made_by_loader
  RETURNING s.started_at, s.id, s.person_id
)
DELETE FROM session_attribution a USING gone g
WHERE a.started_at = g.started_at AND a.session_id = g.id AND a.person_id = g.person_id

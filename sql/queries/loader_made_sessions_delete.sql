WITH gone AS (
  DELETE FROM user_sessions s USING unnest($1::uuid[]) AS q (id)
  WHERE s.started_at = uuid7_ts(q.id) AND s.id = q.id AND s.is_made_by_loader
  RETURNING s.started_at, s.id, s.person_id
)
DELETE FROM session_attribution a USING gone g
WHERE a.started_at = g.started_at AND a.session_id = g.id AND a.person_id = g.person_id

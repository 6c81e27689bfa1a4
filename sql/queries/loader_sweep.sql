-- Sessions without activity since $1 (ms), or begun before $2 (ms), have ended; at most $3 at a time. How many did.
WITH over AS (
  SELECT started_at, id, person_id FROM user_sessions
  WHERE is_active AND (last_activity_at < ms_ts($1::bigint) OR started_at < ms_ts($2::bigint))
  ORDER BY started_at, id, person_id LIMIT $3::bigint
), ended AS (
  UPDATE user_sessions s SET ended_at = s.last_activity_at, updated_at = now()
  FROM over o WHERE s.started_at = o.started_at AND s.id = o.id AND s.person_id = o.person_id
  RETURNING s.id
), noted AS (
  INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM ended HAVING count(*) > 0
)
SELECT count(*) FROM ended

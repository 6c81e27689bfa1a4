-- The next $2 sessions of the person $1 go, with all that belongs to them. How many sessions; rows of each table.
WITH batch AS (
  SELECT started_at, id FROM user_sessions WHERE person_id = $1::bigint ORDER BY started_at, id LIMIT $2::bigint
), view AS (
  DELETE FROM page_views AS v USING batch AS b
  WHERE v.session_id = b.id AND v.person_id = $1::bigint
    AND v.viewed_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
  RETURNING v.id, v.viewed_at AS at, v.context_id
), event AS (
  DELETE FROM user_events AS e USING batch AS b
  WHERE e.session_id = b.id AND e.person_id = $1::bigint
    AND e.created_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
  RETURNING e.id, e.created_at AS at, e.context_id
), row AS (
  SELECT * FROM view UNION ALL SELECT * FROM event
), attribution AS (
  DELETE FROM session_attribution AS a USING batch AS b
  WHERE a.started_at = b.started_at AND a.session_id = b.id AND a.person_id = $1::bigint
  RETURNING 1
), session AS (
  DELETE FROM user_sessions AS s USING batch AS b
  WHERE s.started_at = b.started_at AND s.id = b.id AND s.person_id = $1::bigint
  RETURNING 1
),
/*part privacy_beside*/,
noted AS (
  INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM batch HAVING count(*) > 0
)
SELECT (SELECT count(*) FROM session), jsonb_build_object(
    'user_sessions', (SELECT count(*) FROM session),
    'session_attribution', (SELECT count(*) FROM attribution),
    'page_views', (SELECT count(*) FROM view),
    'user_events', (SELECT count(*) FROM event)),
  note_deleted(ARRAY(SELECT at FROM row))

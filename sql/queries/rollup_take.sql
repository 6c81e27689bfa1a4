-- Takes notes of about $1 sessions, one note at least, the latest first, so that what happens now need not wait for what was
-- imported. How many notes and sessions, and the note: of several, the earliest.
WITH candidate AS (
  SELECT id, sum(cardinality(session_ids)) OVER (ORDER BY id DESC) - cardinality(session_ids) AS before
  FROM (SELECT id, session_ids FROM changed_sessions ORDER BY id DESC LIMIT 64) AS latest
), taken AS (
  DELETE FROM changed_sessions WHERE id IN (SELECT id FROM candidate WHERE before < $1::bigint) RETURNING id AS note, session_ids
), changed AS (
  INSERT INTO step_changed (started_at, session_id)
  SELECT DISTINCT uuid7_ts(id), id FROM taken, unnest(session_ids) AS id ORDER BY 1, 2
  RETURNING 1
)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM changed), (SELECT min(note) FROM taken)

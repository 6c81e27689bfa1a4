-- Takes notes of about $1 sessions, one note at least, the latest first, so that what happens now need not wait for what was
-- imported; of their sessions the latest $2, the others are noted anew. How many notes and sessions, and the note: of several, the
-- earliest. Whether others wait. Between which times the rows of these sessions lie, so that no other month is planned for. The
-- sessions, in the order of their beginnings.
WITH candidate AS (
  SELECT id, sum(cardinality(session_ids)) OVER (ORDER BY id DESC) - cardinality(session_ids) AS before
  FROM (SELECT id, session_ids FROM changed_sessions ORDER BY id DESC LIMIT 64) AS latest
), taken AS (
  DELETE FROM changed_sessions WHERE id IN (SELECT id FROM candidate WHERE before < $1::bigint) RETURNING id AS note, session_ids
), changed AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id DESC) <= $2::bigint AS is_taken
  FROM (SELECT DISTINCT id FROM taken, unnest(session_ids) AS id) AS noted
), left_over AS (
  INSERT INTO changed_sessions (session_ids)
  SELECT array_agg(id) FROM changed WHERE NOT is_taken HAVING count(*) > 0
  RETURNING true
)
SELECT (SELECT count(*) FROM taken), count(*), (SELECT min(note) FROM taken),
  (SELECT count(*) = 64 OR max(before) >= $1::bigint FROM candidate) OR EXISTS (SELECT FROM left_over),
  min(uuid7_ts(id)) - interval '1 day', max(uuid7_ts(id)) + interval '1 day',
  array_agg(id ORDER BY id)
FROM changed
WHERE is_taken

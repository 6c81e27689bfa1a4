-- A loader with much to store notes the same sessions batch after batch. Where the latest notes name each of theirs twice or more,
-- the latest 1,000 become notes of $1 sessions, each named once, in the order of their beginnings.
WITH latest AS (
  SELECT session_ids FROM changed_sessions ORDER BY id DESC LIMIT 64
), repeated AS (
  SELECT count(*) >= 2 * count(DISTINCT id) AS is_much FROM latest, unnest(session_ids) AS id
), taken AS (
  DELETE FROM changed_sessions
  WHERE (SELECT is_much FROM repeated) AND id IN (SELECT id FROM changed_sessions ORDER BY id DESC LIMIT 1000)
  RETURNING session_ids
), numbered AS (
  SELECT id, (row_number() OVER (ORDER BY id) - 1) / $1::bigint AS note
  FROM (SELECT DISTINCT id FROM taken, unnest(session_ids) AS id) AS named
)
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(id ORDER BY id) FROM numbered GROUP BY note ORDER BY note

-- The note $1 cannot be counted: two of half of it stand in its place. How many sessions it had; one is only read.
WITH whole AS (
  SELECT id, session_ids, cardinality(session_ids) AS size FROM changed_sessions WHERE id = $1::bigint
), gone AS (
  DELETE FROM changed_sessions WHERE id IN (SELECT id FROM whole WHERE size > 1)
), halves AS (
  INSERT INTO changed_sessions (session_ids)
  SELECT half FROM whole, LATERAL (VALUES (session_ids[:size / 2]), (session_ids[size / 2 + 1:])) AS v (half) WHERE size > 1
)
SELECT size FROM whole

-- Lets one hit ($1) or all (null) go; they are counted, so that nothing ends without a word.
WITH gone AS (
  DELETE FROM quarantine WHERE $1::bigint IS NULL OR id = $1::bigint RETURNING 1
), counted AS (
  INSERT INTO ingest_counts AS c (day, reason, hits)
  SELECT (now() AT TIME ZONE 'UTC')::date, 'dropped_from_quarantine', count(*) FROM gone HAVING count(*) > 0
  ON CONFLICT (day, reason) DO UPDATE SET hits = c.hits + EXCLUDED.hits
)
SELECT count(*) FROM gone

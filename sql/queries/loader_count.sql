INSERT INTO ingest_counts AS c (day, reason, hits)
SELECT (now() AT TIME ZONE 'UTC')::date, $1, $2::bigint
ON CONFLICT (day, reason) DO UPDATE SET hits = c.hits + EXCLUDED.hits

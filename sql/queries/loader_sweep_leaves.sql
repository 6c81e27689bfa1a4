-- Leaves that waited longer than $1 (ms) for their view end here, counted.
WITH gone AS (DELETE FROM waiting_leaves WHERE received_at < now() - $1::bigint * interval '1 millisecond' RETURNING 1),
  forgotten AS (DELETE FROM message_times WHERE first_seen_at < now() - $1::bigint * interval '1 millisecond')
INSERT INTO ingest_counts AS c (day, reason, hits)
SELECT (now() AT TIME ZONE 'UTC')::date, 'leave_without_view', count(*) FROM gone HAVING count(*) > 0
ON CONFLICT (day, reason) DO UPDATE SET hits = c.hits + EXCLUDED.hits

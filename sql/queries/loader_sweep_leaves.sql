-- What at $2 (ms) has waited longer than $1 (ms) ends here: leaves for their view, counted; leaves for a gap of a client's session to close,
-- which their view has had; and times of messages, which nobody sends again by now.
WITH gone AS (
  DELETE FROM waiting_leaves WHERE received_at < ms_ts($2::bigint) - $1::bigint * interval '1 millisecond' RETURNING 1
), closed AS (
  DELETE FROM session_leaves WHERE NOT is_made_by_loader AND left_at < ms_ts($2::bigint) - $1::bigint * interval '1 millisecond'
), forgotten AS (
  DELETE FROM message_times WHERE first_seen_at < ms_ts($2::bigint) - $1::bigint * interval '1 millisecond'
)
INSERT INTO ingest_counts AS c (day, reason, hits)
SELECT (now() AT TIME ZONE 'UTC')::date, 'leave_without_view', count(*) FROM gone HAVING count(*) > 0
ON CONFLICT (day, reason) DO UPDATE SET hits = c.hits + EXCLUDED.hits

-- The note $1 is of a session that cannot be counted, for the reason $3 with the SQLSTATE $2. The session's id.
WITH gone AS (
  DELETE FROM changed_sessions WHERE id = $1::bigint RETURNING session_ids[1] AS session_id
)
INSERT INTO rollup_failures (session_id, sqlstate, reason)
SELECT session_id, $2::text, $3::text FROM gone
ON CONFLICT (session_id) DO UPDATE SET failed_at = now(), sqlstate = EXCLUDED.sqlstate, reason = EXCLUDED.reason
RETURNING session_id

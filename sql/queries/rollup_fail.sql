-- The latest note is of a session that cannot be counted, for the reason $2 with the SQLSTATE $1. Its id.
WITH gone AS (
  DELETE FROM changed_sessions WHERE id = (SELECT max(id) FROM changed_sessions) RETURNING session_ids[1] AS session_id
)
INSERT INTO rollup_failures (session_id, sqlstate, reason)
SELECT session_id, $1::text, $2::text FROM gone
ON CONFLICT (session_id) DO UPDATE SET failed_at = now(), sqlstate = EXCLUDED.sqlstate, reason = EXCLUDED.reason
RETURNING session_id

-- Clients' sessions $1 had activity until $2, together with what was put off so far: all of it, or only $4 rows. $3: a session
-- without activity since then, in ms, has ended. A touch is 2 · time in ms, and 1 more where the client ended the session there.
WITH pending AS (
  DELETE FROM session_touches WHERE ctid = ANY (ARRAY(SELECT ctid FROM session_touches LIMIT $4::bigint))
  RETURNING session_ids, touches
), touch AS (
  SELECT id, max(touch) AS touch
  FROM (
    SELECT u.id, u.touch FROM pending p, unnest(p.session_ids, p.touches) AS u (id, touch)
    UNION ALL
    SELECT q.id, q.touch FROM unnest($1::uuid[], $2::bigint[]) AS q (id, touch)
  ) t GROUP BY id ORDER BY id
), fresh AS (
  SELECT id, ms_ts(touch >> 1) AS last_at, touch % 2 = 1 AS is_end FROM touch
), touched AS (
  UPDATE user_sessions s SET
    last_activity_at = GREATEST(s.last_activity_at, n.last_at),
    ended_at = CASE
      WHEN GREATEST(s.last_activity_at, n.last_at) < ms_ts($3::bigint) THEN GREATEST(s.last_activity_at, n.last_at)
      WHEN s.last_activity_at > n.last_at THEN s.ended_at
      WHEN n.is_end THEN n.last_at
      WHEN s.last_activity_at = n.last_at THEN s.ended_at END,
    updated_at = now()
  FROM fresh n
  WHERE s.started_at = uuid7_ts(n.id) AND s.id = n.id AND NOT s.is_made_by_loader
    AND (n.last_at > s.last_activity_at OR n.is_end AND s.ended_at IS NULL)
  RETURNING s.id
)
INSERT INTO changed_sessions (session_ids) SELECT array_agg(id) FROM touched HAVING count(*) > 0

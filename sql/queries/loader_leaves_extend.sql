-- Clients' sessions $1 had activity until $2 (ms); $3: the client ended it there. $4: none since then means ended.
UPDATE user_sessions s SET
  last_activity_at = ms_ts(n.last_ms),
  ended_at = CASE WHEN n.is_ended OR ms_ts(n.last_ms) < ms_ts($4::bigint) THEN ms_ts(n.last_ms) END,
  updated_at = now()
FROM unnest($1::uuid[], $2::bigint[], $3::boolean[]) AS n (id, last_ms, is_ended)
WHERE s.started_at = uuid7_ts(n.id) AND s.id = n.id AND NOT s.is_made_by_loader
  AND (s.last_activity_at < ms_ts(n.last_ms) OR n.is_ended)

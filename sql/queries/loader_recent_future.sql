-- Rows and sessions behind $1 (ms), at most $2.
SELECT kind, id FROM (
  SELECT 'v' AS kind, id FROM page_views WHERE viewed_at > ms_ts($1::bigint)
  UNION ALL
  SELECT 'e', id FROM user_events WHERE created_at > ms_ts($1::bigint)
  UNION ALL
  SELECT 'r', id FROM robots WHERE seen_at > ms_ts($1::bigint)
  UNION ALL
  SELECT 's', id FROM user_sessions WHERE started_at > ms_ts($1::bigint)
) f LIMIT $2::bigint

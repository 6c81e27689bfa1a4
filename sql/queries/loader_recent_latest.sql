-- The latest times until $1 (ms): of rows, and of sessions.
SELECT ts_ms(GREATEST(
    (SELECT max(viewed_at) FROM page_views WHERE viewed_at <= ms_ts($1::bigint)),
    (SELECT max(created_at) FROM user_events WHERE created_at <= ms_ts($1::bigint)),
    (SELECT max(seen_at) FROM robots WHERE seen_at <= ms_ts($1::bigint)))),
  (SELECT ts_ms(max(started_at)) FROM user_sessions WHERE started_at <= ms_ts($1::bigint))

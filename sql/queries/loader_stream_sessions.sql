-- Sessions made by the loader of person $1 and browser $2 (0: none) that touch $3 … $4 (ms), and the next one behind.
(SELECT s.id, ts_ms(s.started_at), ts_ms(s.last_activity_at), ts_ms(s.run_started_at)
 FROM user_sessions s
 WHERE s.person_id = $1::bigint AND s.is_made_by_loader AND s.browser_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
   AND s.started_at BETWEEN ms_ts($3::bigint) - interval '1 day' AND ms_ts($4::bigint) AND s.last_activity_at >= ms_ts($3::bigint))
UNION ALL
(SELECT s.id, ts_ms(s.started_at), ts_ms(s.last_activity_at), ts_ms(s.run_started_at)
 FROM user_sessions s
 WHERE s.person_id = $1::bigint AND s.is_made_by_loader AND s.browser_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
   AND s.started_at > ms_ts($4::bigint)
 ORDER BY s.started_at LIMIT 1)
ORDER BY 2

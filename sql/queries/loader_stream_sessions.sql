-- Sessions made by the loader of person $1 and browser $2 (0: none) that touch $3 … $4 (ms), and the next one behind; whether
-- leaves of their run, up to them, may still matter at their start or later. At most $5.
WITH near AS (
  (SELECT s.id, s.started_at, s.last_activity_at, s.run_started_at
   FROM user_sessions s
   WHERE s.person_id = $1::bigint AND s.is_made_by_loader AND s.browser_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
     AND s.started_at BETWEEN ms_ts($3::bigint) - interval '1 day' AND ms_ts($4::bigint) AND s.last_activity_at >= ms_ts($3::bigint))
  UNION ALL
  (SELECT s.id, s.started_at, s.last_activity_at, s.run_started_at
   FROM user_sessions s
   WHERE s.person_id = $1::bigint AND s.is_made_by_loader AND s.browser_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
     AND s.started_at > ms_ts($4::bigint)
   ORDER BY s.started_at LIMIT 1)
)
SELECT n.id, ts_ms(n.started_at), ts_ms(n.last_activity_at), ts_ms(n.run_started_at),
  EXISTS (SELECT FROM session_leaves WHERE is_made_by_loader) AND EXISTS (
    SELECT FROM user_sessions r JOIN session_leaves l ON l.session_id = r.id AND l.is_made_by_loader
    WHERE r.person_id = $1::bigint AND r.is_made_by_loader AND r.browser_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
      AND r.started_at BETWEEN coalesce(n.run_started_at, n.started_at) AND n.started_at
      AND (r.id = n.id OR l.left_at >= n.started_at))
FROM near n
ORDER BY 2
LIMIT $5::bigint

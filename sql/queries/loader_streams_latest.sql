-- For each stream (person $1, browser $2 or 0) with hits from $3 to $4, in ms: its sessions within the timeout $5, in ms.
SELECT q.ordinal, s.id, ts_ms(s.started_at), ts_ms(s.last_activity_at), ts_ms(s.run_started_at),
  (SELECT coalesce(max(v.page_sequence_number), 0) FROM page_views v WHERE v.session_id = s.id
    AND v.viewed_at BETWEEN s.started_at AND s.last_activity_at), s.first_hit_id,
  EXISTS (SELECT FROM session_leaves WHERE is_made_by_loader) AND EXISTS (
    SELECT FROM user_sessions r JOIN session_leaves l ON l.session_id = r.id AND l.is_made_by_loader
    WHERE r.person_id = s.person_id AND r.is_made_by_loader AND r.browser_id IS NOT DISTINCT FROM s.browser_id
      AND r.started_at BETWEEN coalesce(s.run_started_at, s.started_at) AND s.started_at
      AND (r.id = s.id OR l.left_at >= s.started_at))
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS q (person_id, browser_id, from_ms, to_ms, ordinal)
JOIN LATERAL (
  SELECT * FROM user_sessions s
  WHERE s.person_id = q.person_id AND s.is_made_by_loader AND s.browser_id IS NOT DISTINCT FROM NULLIF(q.browser_id, 0)
    AND s.started_at BETWEEN ms_ts(q.from_ms - $5::bigint) - interval '1 day' AND ms_ts(q.to_ms + $5::bigint)
    AND s.last_activity_at >= ms_ts(q.from_ms - $5::bigint)
  ORDER BY s.started_at DESC LIMIT 2
) s ON true
ORDER BY q.ordinal, s.started_at DESC

-- What was kept of hits that brought no session, so that sessions can be made of them.
DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(c)
FROM hit_contexts AS c
WHERE c.id IN (
  SELECT v.context_id
  FROM user_sessions AS s
  JOIN page_views AS v ON v.session_id = s.id AND v.person_id = s.person_id
    AND v.viewed_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  WHERE s.person_id = $1::bigint AND s.is_made_by_loader
  UNION
  SELECT e.context_id
  FROM user_sessions AS s
  JOIN user_events AS e ON e.session_id = s.id AND e.person_id = s.person_id
    AND e.created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  WHERE s.person_id = $1::bigint AND s.is_made_by_loader)
ORDER BY c.id

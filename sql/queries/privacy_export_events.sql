DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(e) || jsonb_build_object('person_id', e.person_id::text, 'browser_id', e.browser_id::text)
FROM user_sessions AS s
CROSS JOIN LATERAL (
  SELECT * FROM user_events
  WHERE session_id = s.id AND person_id = s.person_id
    AND created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  ORDER BY id
) AS e
WHERE s.person_id = $1::bigint
ORDER BY s.started_at, s.id

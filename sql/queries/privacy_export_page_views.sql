DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(v) || jsonb_build_object('person_id', v.person_id::text, 'browser_id', v.browser_id::text)
FROM user_sessions AS s
CROSS JOIN LATERAL (
  SELECT * FROM page_views
  WHERE session_id = s.id AND person_id = s.person_id
    AND viewed_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  ORDER BY id
) AS v
WHERE s.person_id = $1::bigint
ORDER BY s.started_at, s.id

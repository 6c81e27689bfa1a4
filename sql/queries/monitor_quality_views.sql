-- Views of the last day whose session is not stored.
SELECT count(*)
FROM page_views AS v
WHERE v.viewed_at >= now() - interval '1 day'
  AND NOT EXISTS (
    SELECT FROM user_sessions AS s
    WHERE s.id = v.session_id AND s.person_id = v.person_id
      AND s.started_at >= now() - interval '2 days' AND s.started_at < now() + interval '2 days'
  )

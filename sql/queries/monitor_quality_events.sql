-- Events of the last day whose session is not stored.
SELECT count(*)
FROM user_events AS e
WHERE e.created_at >= now() - interval '1 day'
  AND NOT EXISTS (
    SELECT FROM user_sessions AS s
    WHERE s.id = e.session_id AND s.person_id = e.person_id
      AND s.started_at >= now() - interval '2 days' AND s.started_at < now() + interval '2 days'
  )

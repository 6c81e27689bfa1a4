-- Sessions of the last day that nothing is known of where they came from, not even that it is nowhere.
SELECT count(*)
FROM user_sessions AS s
WHERE s.started_at >= now() - interval '1 day'
  AND NOT EXISTS (
    SELECT FROM session_attribution AS a
    WHERE a.started_at = s.started_at AND a.session_id = s.id AND a.person_id = s.person_id
  )

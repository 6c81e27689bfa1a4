-- In which tables how many rows are about the person $1.
SELECT 'persons', count(*) FROM persons WHERE id = $1::bigint
UNION ALL
SELECT 'person_aliases', count(*) FROM person_aliases WHERE person_id = $1::bigint
UNION ALL
SELECT 'user_consent', count(*) FROM user_consent
WHERE person_id = $1::bigint OR person_id IN (SELECT person_browsers($1::bigint))
UNION ALL
SELECT 'user_sessions', count(*) FROM user_sessions WHERE person_id = $1::bigint
UNION ALL
SELECT 'session_attribution', count(*)
FROM user_sessions AS s
JOIN session_attribution AS a ON a.started_at = s.started_at AND a.session_id = s.id AND a.person_id = s.person_id
WHERE s.person_id = $1::bigint
UNION ALL
SELECT 'page_views', count(*)
FROM user_sessions AS s
JOIN page_views AS v ON v.session_id = s.id AND v.person_id = s.person_id
  AND v.viewed_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
WHERE s.person_id = $1::bigint
UNION ALL
SELECT 'user_events', count(*)
FROM user_sessions AS s
JOIN user_events AS e ON e.session_id = s.id AND e.person_id = s.person_id
  AND e.created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
WHERE s.person_id = $1::bigint
UNION ALL
SELECT 'session_summaries', count(*) FROM session_summaries WHERE person_id = $1::bigint
UNION ALL
SELECT 'person_days', count(*) FROM person_days WHERE person_id = $1::bigint
UNION ALL
SELECT 'person_periods', count(*) FROM person_periods WHERE person_id = $1::bigint
UNION ALL
SELECT 'quarantine', count(*) FROM quarantine
WHERE user_id = $1::bigint OR (user_id IS NULL AND anonymous_id IN (SELECT person_browsers($1::bigint)))

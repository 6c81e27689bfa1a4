-- The events of the days from $1 to $2, the end not included, and of three days on either side.
INSERT INTO recount_events
SELECT id, person_id, session_id, created_at,
  created_at - (local - date_trunc('hour', local)), local::date,
  event_type, coalesce(event_category, ''), coalesce(event_action, ''), event_value,
  event_category IS NOT DISTINCT FROM 'Conversion' OR EXISTS (SELECT FROM unnest(goals) AS goal WHERE event_action LIKE goal)
FROM user_events
CROSS JOIN LATERAL (SELECT created_at AT TIME ZONE timezone AS local, goals FROM rollup_state) AS clock
WHERE created_at >= $1::date - interval '3 days' AND created_at < $2::date + interval '3 days'

-- The events of the sessions, as their views, all between $1 and $2. The hash of one that only a goal makes a conversion is another one, so that a
-- change of goals opens its hour.
INSERT INTO step_events (session_id, hour, is_conversion, value, hash)
SELECT e.session_id, date_trunc('hour', e.created_at, r.timezone), is_conversion(e.event_category, e.event_action, r.goals), e.event_value,
  hash_record_extended(ROW(e.id, e.person_id, e.event_type, e.event_category, e.event_action, e.event_value),
    CASE WHEN is_conversion(e.event_category, e.event_action, r.goals) AND NOT is_conversion(e.event_category, NULL, '{}') THEN 3 ELSE 2 END)
FROM rollup_state AS r
CROSS JOIN step_changed AS b
CROSS JOIN LATERAL (
  SELECT * FROM user_events e
  WHERE e.session_id = b.session_id
    AND e.created_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
    AND e.created_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
) AS e

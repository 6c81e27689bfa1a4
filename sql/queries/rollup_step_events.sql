-- The events of the sessions, as their views.
INSERT INTO step_events (session_id, hour, is_conversion, value, hash)
SELECT e.session_id, date_trunc('hour', e.created_at, r.timezone), coalesce(e.event_category = 'Conversion', false), e.event_value,
  hash_record_extended(ROW(e.id, e.person_id, e.event_type, e.event_category, e.event_action, e.event_value), 2)
FROM rollup_state AS r
CROSS JOIN step_changed AS b
CROSS JOIN LATERAL (
  SELECT * FROM user_events e
  WHERE e.session_id = b.session_id
    AND e.created_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day' OFFSET 0
) AS e

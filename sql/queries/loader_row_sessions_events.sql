UPDATE user_events e SET session_id = b.session_id
FROM batch_row_sessions b
WHERE NOT b.is_view AND e.created_at = b.row_at AND e.id = b.id AND e.person_id = b.person_id

UPDATE page_views v SET session_id = b.session_id, page_sequence_number = b.page_sequence_number
FROM batch_row_sessions b
WHERE b.is_view AND v.viewed_at = b.row_at AND v.id = b.id AND v.person_id = b.person_id

COPY batch_row_sessions (is_view, id, row_at, person_id, session_id, page_sequence_number) FROM STDIN WITH (FORMAT binary)

COPY batch_leaves (page_view_id, left_at, visible_ms, scroll_percent, clicks, interactions, is_session_end)
FROM STDIN WITH (FORMAT binary)

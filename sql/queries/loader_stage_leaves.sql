COPY batch_leaves (
  page_view_id, viewed_at, left_at, visible_ms, scroll_percent, clicks, interactions, load_ms, interactive_ms,
  largest_paint_ms, next_paint_ms, layout_shift, is_session_end
) FROM STDIN WITH (FORMAT binary)

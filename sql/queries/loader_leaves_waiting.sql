-- Takes the leaves that waited for the views $1.
DELETE FROM waiting_leaves WHERE page_view_id = ANY ($1::uuid[])
RETURNING page_view_id, ts_ms(left_at), is_session_end, visible_ms, scroll_percent, clicks, interactions, load_ms, interactive_ms,
  largest_paint_ms, next_paint_ms, layout_shift

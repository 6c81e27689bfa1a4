-- Leaves that waited for the views $1 join the batch.
WITH taken AS (DELETE FROM waiting_leaves WHERE page_view_id = ANY ($1::uuid[]) RETURNING *)
INSERT INTO batch_leaves (page_view_id, viewed_at, left_at, visible_ms, scroll_percent, clicks, interactions, load_ms, interactive_ms,
  largest_paint_ms, next_paint_ms, layout_shift, is_session_end)
SELECT page_view_id, uuid7_ts(page_view_id), left_at, visible_ms, scroll_percent, clicks, interactions, load_ms, interactive_ms,
  largest_paint_ms, next_paint_ms, layout_shift, is_session_end
FROM taken

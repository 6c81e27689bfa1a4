INSERT INTO waiting_leaves AS w (page_view_id, left_at, visible_ms, scroll_percent, clicks, interactions, load_ms,
  interactive_ms, largest_paint_ms, next_paint_ms, layout_shift, is_session_end)
SELECT page_view_id, left_at, max(visible_ms), max(scroll_percent), max(clicks), max(interactions), max(load_ms),
  max(interactive_ms), max(largest_paint_ms), max(next_paint_ms), max(layout_shift), bool_or(is_session_end)
FROM batch_leaves l
WHERE NOT EXISTS (SELECT FROM page_views v WHERE v.viewed_at = l.viewed_at AND v.id = l.page_view_id)
GROUP BY page_view_id, left_at
ON CONFLICT (page_view_id, left_at) DO UPDATE SET
  visible_ms = GREATEST(w.visible_ms, EXCLUDED.visible_ms),
  scroll_percent = GREATEST(w.scroll_percent, EXCLUDED.scroll_percent),
  clicks = GREATEST(w.clicks, EXCLUDED.clicks),
  interactions = GREATEST(w.interactions, EXCLUDED.interactions),
  load_ms = GREATEST(w.load_ms, EXCLUDED.load_ms),
  interactive_ms = GREATEST(w.interactive_ms, EXCLUDED.interactive_ms),
  largest_paint_ms = GREATEST(w.largest_paint_ms, EXCLUDED.largest_paint_ms),
  next_paint_ms = GREATEST(w.next_paint_ms, EXCLUDED.next_paint_ms),
  layout_shift = GREATEST(w.layout_shift, EXCLUDED.layout_shift),
  is_session_end = w.is_session_end OR EXCLUDED.is_session_end

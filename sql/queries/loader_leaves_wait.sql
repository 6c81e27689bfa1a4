INSERT INTO waiting_leaves AS w (page_view_id, left_at, visible_ms, scroll_percent, clicks, interactions, is_session_end)
SELECT page_view_id, left_at, max(visible_ms), max(scroll_percent), max(clicks), max(interactions), bool_or(is_session_end)
FROM batch_leaves l
WHERE NOT EXISTS (SELECT FROM page_views v WHERE v.viewed_at = uuid7_ts(l.page_view_id) AND v.id = l.page_view_id)
GROUP BY page_view_id, left_at
ON CONFLICT (page_view_id, left_at) DO UPDATE SET
  visible_ms = GREATEST(w.visible_ms, EXCLUDED.visible_ms),
  scroll_percent = GREATEST(w.scroll_percent, EXCLUDED.scroll_percent),
  clicks = GREATEST(w.clicks, EXCLUDED.clicks),
  interactions = GREATEST(w.interactions, EXCLUDED.interactions),
  is_session_end = w.is_session_end OR EXCLUDED.is_session_end

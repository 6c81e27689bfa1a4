-- Leaves at $2 (ms) of views $1, which have not come yet: what was measured until then, -1: not; $12, 1: the client ended the
-- session there.
INSERT INTO waiting_leaves AS w (page_view_id, left_at, visible_ms, scroll_percent, clicks, interactions, load_ms,
  interactive_ms, largest_paint_ms, next_paint_ms, layout_shift, is_session_end)
SELECT view_id, ms_ts(left_ms), NULLIF(visible_ms, -1), NULLIF(scroll_percent, -1), NULLIF(clicks, -1), NULLIF(interactions, -1),
  NULLIF(load_ms, -1), NULLIF(interactive_ms, -1), NULLIF(largest_paint_ms, -1), NULLIF(next_paint_ms, -1),
  NULLIF(layout_shift, -1), is_end = 1
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]) AS l (view_id, left_ms, visible_ms, scroll_percent, clicks,
  interactions, load_ms, interactive_ms, largest_paint_ms, next_paint_ms, layout_shift, is_end)
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

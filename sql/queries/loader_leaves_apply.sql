-- Views $1 were left at $2 (ms), and this was measured until then, -1: not. Totals run, so the greatest wins. Gives each view
-- with its session.
UPDATE page_views v SET
  exited_at = GREATEST(v.exited_at, ms_ts(l.left_ms)),
  time_on_page_seconds = GREATEST(v.time_on_page_seconds, (NULLIF(l.visible_ms, -1) + 500) / 1000),
  scroll_depth_percent = GREATEST(v.scroll_depth_percent, NULLIF(l.scroll_percent, -1)),
  clicks_count = GREATEST(v.clicks_count, NULLIF(l.clicks, -1)),
  interactions_count = GREATEST(v.interactions_count, NULLIF(l.interactions, -1)),
  page_load_time_ms = GREATEST(v.page_load_time_ms, NULLIF(l.load_ms, -1)),
  time_to_interactive_ms = GREATEST(v.time_to_interactive_ms, NULLIF(l.interactive_ms, -1)),
  largest_contentful_paint_ms = GREATEST(v.largest_contentful_paint_ms, NULLIF(l.largest_paint_ms, -1)),
  interaction_to_next_paint_ms = GREATEST(v.interaction_to_next_paint_ms, NULLIF(l.next_paint_ms, -1)),
  cumulative_layout_shift = GREATEST(v.cumulative_layout_shift, NULLIF(l.layout_shift, -1) / 10000.0)
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::bigint[], $10::bigint[], $11::bigint[]) AS l (view_id, left_ms, visible_ms, scroll_percent, clicks, interactions, load_ms,
  interactive_ms, largest_paint_ms, next_paint_ms, layout_shift)
WHERE v.viewed_at = uuid7_ts(l.view_id) AND v.id = l.view_id
RETURNING v.id, v.session_id

-- Totals run, so the greatest wins. Gives each view with its session, and its last leave as a touch: 2 · time in ms, and 1
-- more where the client ended the session there.
UPDATE page_views v SET
  exited_at = GREATEST(v.exited_at, l.left_at),
  time_on_page_seconds = GREATEST(v.time_on_page_seconds, l.seconds),
  scroll_depth_percent = GREATEST(v.scroll_depth_percent, l.scroll_percent),
  clicks_count = GREATEST(v.clicks_count, l.clicks),
  interactions_count = GREATEST(v.interactions_count, l.interactions),
  page_load_time_ms = GREATEST(v.page_load_time_ms, l.load_ms),
  time_to_interactive_ms = GREATEST(v.time_to_interactive_ms, l.interactive_ms),
  largest_contentful_paint_ms = GREATEST(v.largest_contentful_paint_ms, l.largest_paint_ms),
  interaction_to_next_paint_ms = GREATEST(v.interaction_to_next_paint_ms, l.next_paint_ms),
  cumulative_layout_shift = GREATEST(v.cumulative_layout_shift, l.layout_shift / 10000.0)
FROM (
  SELECT page_view_id, viewed_at, max(left_at) AS left_at, max(2 * ts_ms(left_at) + is_session_end::integer) AS touch,
    round(max(visible_ms) / 1000.0)::integer AS seconds,
    max(scroll_percent) AS scroll_percent, max(clicks) AS clicks, max(interactions) AS interactions, max(load_ms) AS load_ms,
    max(interactive_ms) AS interactive_ms, max(largest_paint_ms) AS largest_paint_ms,
    max(next_paint_ms) AS next_paint_ms, max(layout_shift) AS layout_shift
  FROM batch_leaves GROUP BY page_view_id, viewed_at ORDER BY page_view_id
) l
WHERE v.viewed_at = l.viewed_at AND v.id = l.page_view_id
RETURNING v.id, v.session_id, l.touch

-- Totals run, so the greatest wins.
UPDATE page_views v SET
  exited_at = GREATEST(v.exited_at, l.left_at),
  time_on_page_seconds = GREATEST(v.time_on_page_seconds, l.seconds),
  scroll_depth_percent = GREATEST(v.scroll_depth_percent, l.scroll_percent),
  clicks_count = GREATEST(v.clicks_count, l.clicks),
  interactions_count = GREATEST(v.interactions_count, l.interactions)
FROM (
  SELECT page_view_id, max(left_at) AS left_at, round(max(visible_ms) / 1000.0)::integer AS seconds,
    max(scroll_percent) AS scroll_percent, max(clicks) AS clicks, max(interactions) AS interactions
  FROM batch_leaves GROUP BY page_view_id ORDER BY page_view_id
) l
WHERE v.viewed_at = uuid7_ts(l.page_view_id) AND v.id = l.page_view_id

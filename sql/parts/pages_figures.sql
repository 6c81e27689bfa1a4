-- Figures of a page, or of all, from those of its parts.
coalesce(sum(views), 0) AS views,
round(sum(time_on_page_seconds) / nullif(sum(timed_views), 0), 2) AS avg_time_on_page_seconds,
round(sum(scroll_depth_percent) / nullif(sum(scrolled_views), 0), 2) AS avg_scroll_depth_percent,
coalesce(sum(entries), 0) AS entries,
coalesce(sum(exits), 0) AS exits,
round(100.0 * sum(bounces) / nullif(sum(entries), 0), 2) AS bounce_rate_percent

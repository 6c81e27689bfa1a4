-- page_metrics_hourly as it is. $1 from, $2 to: hours that begin then; $3 the zone, in which nothing is counted; $4 what a
-- page's path is like, with * for any text; $5 only pages of this host; $6 how many rows, $7 behind which place.
SELECT
  false AS is_total,
  place AS cursor,
  to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS hour,
  nullif(page_host, '') AS page_host,
  page_category, page_url, total_views, unique_viewers, unique_sessions, avg_time_on_page_seconds,
  avg_scroll_depth_percent, avg_clicks_per_view, avg_load_time_ms, p90_load_time_ms, entry_count, exit_count,
  bounce_rate_percent
FROM (
  SELECT metrics.*, row_number() OVER (ORDER BY hour, total_views DESC, page_url, page_host, page_category) AS place
  FROM page_metrics_hourly AS metrics
  WHERE hour >= $1::timestamptz AND hour < $2::timestamptz AND $3 <> ''
    AND ($4::text IS NULL OR page_url LIKE like_pattern($4))
    AND ($5::text IS NULL OR page_host = $5)
) AS placed
WHERE place > $7::bigint AND place <= $7::bigint + $6::bigint + 1
ORDER BY place

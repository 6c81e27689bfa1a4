-- The views of the hour that begins at $1.
WITH bucket AS (
  SELECT $1::timestamptz AS begins_at, ($1::timestamptz AT TIME ZONE timezone)::date AS date, timezone, pages_max FROM rollup_state
), view_row AS (
  SELECT v.id, v.session_id, v.person_id, v.time_on_page_seconds, v.scroll_depth_percent, v.clicks_count, v.page_load_time_ms,
    coalesce(v.page_host, '') AS page_host, coalesce(v.page_category, '') AS page_category, v.page_url
  FROM bucket, page_views v
  WHERE v.viewed_at >= $1::timestamptz AND v.viewed_at < $2::timestamptz AND date_trunc('hour', v.viewed_at, timezone) = begins_at
), span AS (
  SELECT greatest(min(uuid7_ts(session_id)), $1::timestamptz - interval '1 day') AS first,
    least(max(uuid7_ts(session_id)), $2::timestamptz + interval '1 day') AS last
  FROM view_row
), way AS (
  SELECT started_at, session_id, entry_view_id, exit_view_id, views
  FROM session_summaries
  WHERE started_at BETWEEN (SELECT first FROM span) AND (SELECT last FROM span) AND is_first
), ranked AS (
  SELECT page_host, page_category, page_url,
    row_number() OVER (ORDER BY count(*) DESC, page_host COLLATE "C", page_category COLLATE "C", page_url COLLATE "C") AS rank
  FROM view_row
  GROUP BY page_host, page_category, page_url
), named AS (
  SELECT v.*,
    CASE WHEN rank <= pages_max THEN v.page_host ELSE '' END AS host,
    CASE WHEN rank <= pages_max THEN v.page_category ELSE '' END AS category,
    CASE WHEN rank <= pages_max THEN v.page_url ELSE '(other)' END AS url
  FROM bucket, view_row v
  JOIN ranked USING (page_host, page_category, page_url)
), figures AS (
  SELECT host, category, url,
    count(*) AS views,
    count(DISTINCT n.person_id) AS viewers,
    count(DISTINCT n.session_id) AS sessions,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY page_load_time_ms) AS p90_load_time_ms,
    count(DISTINCT n.session_id) FILTER (WHERE way.entry_view_id = n.id) AS entries,
    count(DISTINCT n.session_id) FILTER (WHERE way.exit_view_id = n.id) AS exits,
    count(DISTINCT n.session_id) FILTER (WHERE way.entry_view_id = n.id AND way.views = 1) AS bounces,
    count(time_on_page_seconds) AS timed_views,
    sum(time_on_page_seconds) AS time_on_page_seconds,
    count(scroll_depth_percent) AS scrolled_views,
    sum(scroll_depth_percent) AS scroll_depth_percent,
    coalesce(sum(clicks_count), 0) AS clicks,
    count(page_load_time_ms) AS load_timed_views,
    sum(page_load_time_ms) AS load_time_ms
  FROM named n
  LEFT JOIN way ON way.session_id = n.session_id AND way.started_at = uuid7_ts(n.session_id)
  GROUP BY host, category, url
), fresh (
    hour, page_host, page_category, page_url, total_views, unique_viewers, unique_sessions, avg_time_on_page_seconds,
    avg_scroll_depth_percent, avg_clicks_per_view, avg_load_time_ms, p90_load_time_ms, entry_count, exit_count,
    bounce_rate_percent, bounce_count, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent,
    clicks, load_timed_views, load_time_ms
) AS (
  SELECT begins_at, host, category, url, views, viewers, sessions,
    round(time_on_page_seconds::numeric / nullif(timed_views, 0), 2),
    round(scroll_depth_percent::numeric / nullif(scrolled_views, 0), 2),
    round(clicks::numeric / views, 2),
    round(load_time_ms::numeric / nullif(load_timed_views, 0), 2),
    p90_load_time_ms, entries, exits,
    round(100.0 * bounces / nullif(entries, 0), 2), bounces,
    timed_views, coalesce(time_on_page_seconds, 0), scrolled_views, coalesce(scroll_depth_percent, 0), clicks,
    load_timed_views, coalesce(load_time_ms, 0)
  FROM bucket, figures
), gone AS (
  DELETE FROM page_metrics_hourly t
  WHERE t.hour = $1::timestamptz AND NOT EXISTS (SELECT FROM fresh f WHERE f.hour = t.hour AND f.page_url = t.page_url AND f.page_host = t.page_host AND f.page_category = t.page_category)
)
INSERT INTO page_metrics_hourly AS t
SELECT * FROM fresh
ON CONFLICT (hour, page_url, page_host, page_category) DO UPDATE SET (
    hour, page_host, page_category, page_url, total_views, unique_viewers, unique_sessions, avg_time_on_page_seconds,
    avg_scroll_depth_percent, avg_clicks_per_view, avg_load_time_ms, p90_load_time_ms, entry_count, exit_count,
    bounce_rate_percent, bounce_count, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent,
    clicks, load_timed_views, load_time_ms
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

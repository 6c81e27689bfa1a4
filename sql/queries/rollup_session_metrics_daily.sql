-- The ended sessions of the day that begins at $1.
WITH bucket AS (
  SELECT timezone, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), ended AS (
  SELECT s.*
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date AND s.is_ended
), text AS ( -- one by one: the dictionary is that of all history
  SELECT id, value
  FROM (SELECT device_type_id AS id FROM ended UNION SELECT browser_id FROM ended) AS used
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = used.id OFFSET 0) AS d
), session AS (
  SELECT s.*, coalesce(nullif(device.value, ''), 'unknown') AS device_type, coalesce(nullif(browser.value, ''), 'unknown') AS browser
  FROM ended s
  JOIN text device ON device.id = s.device_type_id
  JOIN text browser ON browser.id = s.browser_id
), fresh (
    date, device_type, browser, total_sessions, unique_users, bounce_sessions, engaged_sessions,
    avg_duration_seconds, median_duration_seconds, p90_duration_seconds, min_duration_seconds, max_duration_seconds,
    avg_pages_per_session, avg_time_per_page_seconds, multi_page_sessions, avg_events_per_session,
    bounce_rate_percent, active_engaged_sessions, duration_seconds, views, timed_views, visible_seconds, events,
    conversions, converted_sessions, duration_histogram
) AS (
  SELECT
    date, device_type, browser,
    count(*) FILTER (WHERE is_first) AS total_sessions,
    count(DISTINCT person_id) AS unique_users,
    count(*) FILTER (WHERE is_first AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_first AND duration_seconds >= 600) AS engaged_sessions,
    round(avg(duration_seconds) FILTER (WHERE is_first), 2) AS avg_duration_seconds,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first) AS median_duration_seconds,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first) AS p90_duration_seconds,
    min(duration_seconds) FILTER (WHERE is_first) AS min_duration_seconds,
    max(duration_seconds) FILTER (WHERE is_first) AS max_duration_seconds,
    round(avg(views) FILTER (WHERE is_first), 2) AS avg_pages_per_session,
    round(sum(visible_seconds) FILTER (WHERE is_first) / nullif(sum(timed_views) FILTER (WHERE is_first), 0), 2) AS avg_time_per_page_seconds,
    count(*) FILTER (WHERE is_first AND views >= 3) AS multi_page_sessions,
    round(avg(events) FILTER (WHERE is_first), 2) AS avg_events_per_session,
    round(100.0 * count(*) FILTER (WHERE is_first AND duration_seconds < 30) / count(*) FILTER (WHERE is_first), 2) AS bounce_rate_percent,
    count(*) FILTER (WHERE is_first AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    sum(duration_seconds) FILTER (WHERE is_first) AS duration_seconds,
    sum(views) FILTER (WHERE is_first) AS views,
    sum(timed_views) FILTER (WHERE is_first) AS timed_views,
    sum(visible_seconds) FILTER (WHERE is_first) AS visible_seconds,
    sum(events) FILTER (WHERE is_first) AS events,
    sum(conversions) FILTER (WHERE is_first) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions,
    histogram_of(array_agg(duration_seconds) FILTER (WHERE is_first)) AS duration_histogram
  FROM session
  GROUP BY date, device_type, browser
), gone AS (
  DELETE FROM session_metrics_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.date = t.date AND f.device_type = t.device_type AND f.browser = t.browser)
)
INSERT INTO session_metrics_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, device_type, browser) DO UPDATE SET (
    date, device_type, browser, total_sessions, unique_users, bounce_sessions, engaged_sessions,
    avg_duration_seconds, median_duration_seconds, p90_duration_seconds, min_duration_seconds, max_duration_seconds,
    avg_pages_per_session, avg_time_per_page_seconds, multi_page_sessions, avg_events_per_session,
    bounce_rate_percent, active_engaged_sessions, duration_seconds, views, timed_views, visible_seconds, events,
    conversions, converted_sessions, duration_histogram
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

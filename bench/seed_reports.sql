-- The other side of P7: what Sojourn's design began with asks of seed_schema.sql, as it stands but for what could not run: the
-- hourly view is refreshed without CONCURRENTLY, for which it has no unique index; retention divides by the cohort, not by those
-- who came, whom its join counts twice; and ranges are the same thirty days as on our side. Parts begin with "-- part: NAME".

-- part: views
CREATE MATERIALIZED VIEW seed.session_metrics_daily AS
SELECT
  DATE(us.started_at) AS date,
  us.device_type,
  us.browser,
  COUNT(*) AS total_sessions,
  COUNT(DISTINCT us.person_id) AS unique_users,
  COUNT(*) FILTER (WHERE us.duration_seconds < 30) AS bounce_sessions,
  COUNT(*) FILTER (WHERE us.duration_seconds >= 600) AS engaged_sessions,
  AVG(us.duration_seconds) AS avg_duration_seconds,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY us.duration_seconds) AS median_duration_seconds,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY us.duration_seconds) AS p90_duration_seconds,
  MIN(us.duration_seconds) AS min_duration_seconds,
  MAX(us.duration_seconds) AS max_duration_seconds,
  AVG(pv_stats.page_views_per_session) AS avg_pages_per_session,
  AVG(pv_stats.avg_time_per_page) AS avg_time_per_page_seconds,
  COUNT(*) FILTER (WHERE pv_stats.page_views_per_session >= 3) AS multi_page_sessions,
  AVG(event_stats.events_per_session) AS avg_events_per_session,
  ROUND(COUNT(*) FILTER (WHERE us.duration_seconds < 30)::numeric / NULLIF(COUNT(*), 0) * 100, 2) AS bounce_rate_percent
FROM seed.user_sessions us
LEFT JOIN (
  SELECT session_id, COUNT(*) AS page_views_per_session, AVG(time_on_page_seconds) AS avg_time_per_page
  FROM seed.page_views
  WHERE time_on_page_seconds IS NOT NULL
  GROUP BY session_id
) pv_stats ON us.id = pv_stats.session_id
LEFT JOIN (
  SELECT session_id, COUNT(*) AS events_per_session
  FROM seed.user_events
  GROUP BY session_id
) event_stats ON us.id = event_stats.session_id
WHERE us.started_at >= CURRENT_DATE - INTERVAL '90 days' AND us.ended_at IS NOT NULL
GROUP BY DATE(us.started_at), us.device_type, us.browser;
CREATE UNIQUE INDEX ON seed.session_metrics_daily (date DESC, device_type, browser);
CREATE INDEX ON seed.session_metrics_daily (date DESC);
CREATE MATERIALIZED VIEW seed.page_metrics_hourly AS
SELECT
  DATE_TRUNC('hour', pv.viewed_at) AS hour,
  pv.page_category,
  pv.page_url,
  COUNT(*) AS total_views,
  COUNT(DISTINCT pv.person_id) AS unique_viewers,
  COUNT(DISTINCT pv.session_id) AS unique_sessions,
  AVG(pv.time_on_page_seconds) AS avg_time_on_page_seconds,
  AVG(pv.scroll_depth_percent) AS avg_scroll_depth_percent,
  AVG(pv.clicks_count) AS avg_clicks_per_view,
  AVG(pv.page_load_time_ms) AS avg_load_time_ms,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY pv.page_load_time_ms) AS p90_load_time_ms,
  COUNT(*) FILTER (WHERE pv.page_sequence_number = 1) AS entry_count,
  COUNT(*) FILTER (WHERE is_exit_page) AS exit_count,
  ROUND(COUNT(*) FILTER (WHERE is_bounce_page)::numeric / NULLIF(COUNT(*) FILTER (WHERE pv.page_sequence_number = 1), 0) * 100, 2)
    AS bounce_rate_percent
FROM seed.page_views pv
LEFT JOIN LATERAL (
  SELECT NOT EXISTS (
    SELECT 1 FROM seed.page_views pv2
    WHERE pv2.session_id = pv.session_id AND pv2.page_sequence_number > pv.page_sequence_number) AS is_exit_page
) exit_check ON true
LEFT JOIN LATERAL (
  SELECT pv.page_sequence_number = 1 AND NOT EXISTS (
    SELECT 1 FROM seed.page_views pv2 WHERE pv2.session_id = pv.session_id AND pv2.page_sequence_number > 1) AS is_bounce_page
) bounce_check ON true
WHERE pv.viewed_at >= CURRENT_TIMESTAMP - INTERVAL '7 days'
GROUP BY DATE_TRUNC('hour', pv.viewed_at), pv.page_category, pv.page_url;
CREATE INDEX ON seed.page_metrics_hourly (hour DESC, page_category);
CREATE INDEX ON seed.page_metrics_hourly (page_url, hour DESC);

-- part: newest
REFRESH MATERIALIZED VIEW CONCURRENTLY seed.session_metrics_daily;
SELECT date, device_type, total_sessions, unique_users, avg_duration_seconds / 60.0 AS avg_duration_minutes, bounce_rate_percent
FROM seed.session_metrics_daily
WHERE date >= CURRENT_DATE - INTERVAL '30 days'
ORDER BY date DESC, device_type

-- part: cohorts
WITH cohorts AS (
  SELECT id AS person_id, DATE_TRUNC('month', created_at) AS cohort_month FROM seed.persons WHERE id > 0
),
sizes AS (
  SELECT cohort_month, COUNT(*) AS persons FROM cohorts GROUP BY cohort_month
),
activity AS (
  SELECT DISTINCT person_id, DATE_TRUNC('month', started_at) AS activity_month
  FROM seed.user_sessions
  WHERE started_at >= DATE_TRUNC('month', CURRENT_DATE - INTERVAL '12 months')
)
SELECT
  c.cohort_month,
  DATE_PART('month', AGE(a.activity_month, c.cohort_month)) AS months_since_signup,
  COUNT(DISTINCT a.person_id) AS active_users,
  COUNT(DISTINCT a.person_id)::float / MIN(s.persons) * 100 AS retention_pct
FROM cohorts c
JOIN sizes s ON s.cohort_month = c.cohort_month
LEFT JOIN activity a ON c.person_id = a.person_id
WHERE c.cohort_month >= DATE_TRUNC('month', CURRENT_DATE - INTERVAL '12 months')
GROUP BY c.cohort_month, months_since_signup
ORDER BY c.cohort_month, months_since_signup

-- part: transitions
SELECT page_url AS from_page, next_page AS to_page, COUNT(*) AS transitions
FROM (
  SELECT page_url, LEAD(page_url) OVER (PARTITION BY session_id ORDER BY page_sequence_number) AS next_page
  FROM seed.page_views
  WHERE viewed_at >= CURRENT_DATE - INTERVAL '29 days'
) paths
WHERE next_page IS NOT NULL
GROUP BY page_url, next_page
ORDER BY transitions DESC
LIMIT 50

-- part: paths
SELECT path_sequence, COUNT(*) AS session_count, COUNT(DISTINCT person_id) AS unique_users, AVG(duration_seconds) AS avg_time_seconds
FROM (
  SELECT pv.session_id, us.person_id, us.duration_seconds,
    ARRAY_AGG(pv.page_url ORDER BY pv.page_sequence_number) FILTER (WHERE pv.page_sequence_number <= 5) AS path_sequence
  FROM seed.page_views pv
  JOIN seed.user_sessions us ON us.id = pv.session_id
  WHERE us.started_at >= CURRENT_DATE - INTERVAL '29 days'
  GROUP BY pv.session_id, us.person_id, us.duration_seconds
) ways
GROUP BY path_sequence
ORDER BY session_count DESC
LIMIT 20

-- Ended sessions of the days from $1 to $2, the end not included, by device type and browser.
WITH bucket AS (
  SELECT date, device_type, browser, histogram_bucket, count(*) AS sessions
  FROM recount_sessions WHERE is_first AND is_ended AND date >= $1::date AND date < $2::date
  GROUP BY date, device_type, browser, histogram_bucket
),
histogram AS (
  SELECT date, device_type, browser, array_agg(coalesce(sessions, 0)::integer ORDER BY histogram_bucket) AS counts
  FROM (
    SELECT date, device_type, browser, generate_series(0, max(histogram_bucket)) AS histogram_bucket
    FROM bucket GROUP BY date, device_type, browser
  ) AS place
  LEFT JOIN bucket USING (date, device_type, browser, histogram_bucket)
  GROUP BY date, device_type, browser
),
figures AS (
  SELECT date, device_type, browser,
    count(DISTINCT person_id) AS users,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_first AND duration_seconds < 30) AS bounces,
    count(*) FILTER (WHERE is_first AND duration_seconds >= 600) AS engaged,
    avg(duration_seconds) FILTER (WHERE is_first) AS mean_duration,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first) AS p90,
    min(duration_seconds) AS shortest,
    max(duration_seconds) AS longest,
    avg(views) FILTER (WHERE is_first) AS mean_views,
    count(*) FILTER (WHERE is_first AND views >= 3) AS multi_page,
    avg(events) FILTER (WHERE is_first) AS mean_events,
    count(*) FILTER (WHERE is_first AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged,
    sum(duration_seconds) FILTER (WHERE is_first) AS duration,
    sum(views) FILTER (WHERE is_first) AS views,
    sum(timed_views) FILTER (WHERE is_first) AS timed,
    sum(visible_seconds) FILTER (WHERE is_first) AS visible,
    sum(events) FILTER (WHERE is_first) AS events,
    sum(conversions) FILTER (WHERE is_first) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted
  FROM recount_sessions WHERE is_ended AND date >= $1::date AND date < $2::date
  GROUP BY date, device_type, browser
),
recount AS (
  SELECT date, device_type, browser,
    sessions::integer AS total_sessions,
    users::integer AS unique_users,
    bounces::integer AS bounce_sessions,
    engaged::integer AS engaged_sessions,
    mean_duration::numeric(12, 2) AS avg_duration_seconds,
    median AS median_duration_seconds,
    p90 AS p90_duration_seconds,
    shortest AS min_duration_seconds,
    longest AS max_duration_seconds,
    mean_views::numeric(12, 2) AS avg_pages_per_session,
    (visible / nullif(timed, 0))::numeric(12, 2) AS avg_time_per_page_seconds,
    multi_page::integer AS multi_page_sessions,
    mean_events::numeric(12, 2) AS avg_events_per_session,
    (bounces::numeric / sessions * 100)::numeric(5, 2) AS bounce_rate_percent,
    active_engaged::integer AS active_engaged_sessions,
    duration::bigint AS duration_seconds,
    views::bigint AS views,
    timed::bigint AS timed_views,
    visible::bigint AS visible_seconds,
    events::bigint AS events,
    conversions::bigint AS conversions,
    converted::integer AS converted_sessions,
    counts AS duration_histogram
  FROM figures JOIN histogram USING (date, device_type, browser)
),
stored AS (
  SELECT * FROM session_metrics_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'session_metrics_daily', concat_ws(' ', date, device_type, browser), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, device_type, browser)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

-- The hours of the days from $1 to $2, the end not included.
WITH session_figures AS (
  SELECT hour, date,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_first AND is_ended) AS ended_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND (duration_seconds > 10 OR views >= 2 OR conversions > 0))
      AS active_engaged_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND views >= 3) AS multi_page_sessions,
    sum(views) FILTER (WHERE is_first AND is_ended) AS ended_views,
    sum(events) FILTER (WHERE is_first AND is_ended) AS ended_events,
    sum(timed_views) FILTER (WHERE is_first AND is_ended) AS timed_views,
    sum(visible_seconds) FILTER (WHERE is_first AND is_ended) AS visible_seconds,
    sum(duration_seconds) FILTER (WHERE is_first AND is_ended) AS duration_seconds,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first AND is_ended) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first AND is_ended) AS p90,
    array_agg(duration_seconds ORDER BY duration_seconds) FILTER (WHERE is_first AND is_ended) AS durations
  FROM recount_sessions WHERE date >= $1::date AND date < $2::date GROUP BY hour, date
),
view_figures AS (
  SELECT hour, date, count(*) AS views, array_agg(DISTINCT person_id) AS viewers
  FROM recount_views WHERE date >= $1::date AND date < $2::date GROUP BY hour, date
),
event_figures AS (
  SELECT hour, date, count(*) AS events, count(*) FILTER (WHERE is_conversion) AS conversions,
    sum(value) FILTER (WHERE is_conversion) AS conversion_value
  FROM recount_events WHERE date >= $1::date AND date < $2::date GROUP BY hour, date
),
bucket AS (
  SELECT hour, date, histogram_bucket, count(*) AS sessions
  FROM recount_sessions WHERE is_first AND is_ended AND date >= $1::date AND date < $2::date GROUP BY hour, date, histogram_bucket
),
histogram AS (
  SELECT hour, date, array_agg(coalesce(sessions, 0)::integer ORDER BY histogram_bucket) AS counts
  FROM (SELECT hour, date, generate_series(0, max(histogram_bucket)) AS histogram_bucket FROM bucket GROUP BY hour, date) AS place
  LEFT JOIN bucket USING (hour, date, histogram_bucket)
  GROUP BY hour, date
),
recount AS (
  SELECT hour,
    coalesce(visitors, 0)::integer AS visitors,
    coalesce(sessions, 0)::integer AS sessions,
    coalesce(ended_sessions, 0)::integer AS ended_sessions,
    coalesce(views, 0)::integer AS views,
    coalesce(events, 0)::integer AS events,
    coalesce(conversions, 0)::integer AS conversions,
    coalesce(conversion_value, 0) AS conversion_value,
    coalesce(bounce_sessions, 0)::integer AS bounce_sessions,
    coalesce(engaged_sessions, 0)::integer AS engaged_sessions,
    coalesce(active_engaged_sessions, 0)::integer AS active_engaged_sessions,
    coalesce(multi_page_sessions, 0)::integer AS multi_page_sessions,
    coalesce(ended_views, 0)::bigint AS ended_views,
    coalesce(ended_events, 0)::bigint AS ended_events,
    coalesce(timed_views, 0)::bigint AS timed_views,
    coalesce(visible_seconds, 0)::bigint AS visible_seconds,
    coalesce(duration_seconds, 0)::bigint AS duration_seconds,
    median AS median_duration_seconds,
    p90 AS p90_duration_seconds,
    coalesce(counts, '{}') AS duration_histogram,
    date,
    coalesce(durations, '{}') AS durations,
    coalesce(viewers, '{}') AS viewers
  FROM session_figures
  FULL JOIN view_figures USING (hour, date)
  FULL JOIN event_figures USING (hour, date)
  LEFT JOIN histogram USING (hour, date)
),
stored AS (
  SELECT * FROM overview_hourly
  WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'overview_hourly', hour::text, to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (hour, date)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

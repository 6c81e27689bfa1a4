-- Days from $1 to $2, the end not included.
WITH session_figures AS (
  SELECT date,
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
    percentile_cont(0.9) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_first AND is_ended) AS p90
  FROM recount_sessions WHERE date >= $1::date AND date < $2::date GROUP BY date
),
view_figures AS (
  SELECT date, count(*) AS views, array_agg(DISTINCT person_id) AS viewers
  FROM recount_views WHERE date >= $1::date AND date < $2::date GROUP BY date
),
event_figures AS (
  SELECT date, count(*) AS events, count(*) FILTER (WHERE is_conversion) AS conversions,
    sum(value) FILTER (WHERE is_conversion) AS conversion_value
  FROM recount_events WHERE date >= $1::date AND date < $2::date GROUP BY date
),
bucket AS (
  SELECT date, histogram_bucket, count(*) AS sessions
  FROM recount_sessions WHERE is_first AND is_ended AND date >= $1::date AND date < $2::date GROUP BY date, histogram_bucket
),
histogram AS (
  SELECT date, array_agg(coalesce(sessions, 0)::integer ORDER BY histogram_bucket) AS counts
  FROM (SELECT date, generate_series(0, max(histogram_bucket)) AS histogram_bucket FROM bucket GROUP BY date) AS place
  LEFT JOIN bucket USING (date, histogram_bucket)
  GROUP BY date
),
recount AS (
  SELECT date,
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
    coalesce(viewers, '{}') AS viewers
  FROM session_figures
  FULL JOIN view_figures USING (date)
  FULL JOIN event_figures USING (date)
  LEFT JOIN histogram USING (date)
),
stored AS (
  SELECT * FROM overview_daily
  WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'overview_daily', date::text, to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

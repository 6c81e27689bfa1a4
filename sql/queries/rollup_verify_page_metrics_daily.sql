-- The views of the days from $1 to $2, the end not included: pages with most views, as many as are kept, and the rest.
WITH ranked AS (
  SELECT date, page_host, page_category, page_url,
    row_number() OVER (PARTITION BY date ORDER BY count(*) DESC,
      page_host COLLATE "C", page_category COLLATE "C", page_url COLLATE "C") AS rank
  FROM recount_views WHERE date >= $1::date AND date < $2::date
  GROUP BY date, page_host, page_category, page_url
),
view AS (
  SELECT v.date, kept.page_host, kept.page_category, kept.page_url, person_id, session_id, visible_seconds, scroll_percent,
    clicks, load_ms, place = 1 AS is_entry, place = session_views AS is_exit, session_views = 1 AS is_only
  FROM recount_views AS v
  JOIN ranked USING (date, page_host, page_category, page_url)
  CROSS JOIN LATERAL (
    SELECT ranked.page_host, ranked.page_category, ranked.page_url WHERE rank <= (SELECT pages_max FROM rollup_state)
    UNION ALL
    SELECT '', '', '(other)' WHERE rank > (SELECT pages_max FROM rollup_state)
  ) AS kept
),
recount AS (
  SELECT date, page_host, page_category, page_url,
    count(*)::integer AS total_views,
    count(DISTINCT person_id)::integer AS unique_viewers,
    count(DISTINCT session_id)::integer AS unique_sessions,
    avg(visible_seconds)::numeric(12, 2) AS avg_time_on_page_seconds,
    avg(scroll_percent)::numeric(5, 2) AS avg_scroll_depth_percent,
    avg(clicks)::numeric(12, 2) AS avg_clicks_per_view,
    avg(load_ms)::numeric(12, 2) AS avg_load_time_ms,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY load_ms) AS p90_load_time_ms,
    count(*) FILTER (WHERE is_entry)::integer AS entry_count,
    count(*) FILTER (WHERE is_exit)::integer AS exit_count,
    (100 * avg(is_only::integer) FILTER (WHERE is_entry))::numeric(5, 2) AS bounce_rate_percent,
    count(*) FILTER (WHERE is_only)::integer AS bounce_count,
    count(visible_seconds)::integer AS timed_views,
    coalesce(sum(visible_seconds), 0) AS time_on_page_seconds,
    count(scroll_percent)::integer AS scrolled_views,
    coalesce(sum(scroll_percent), 0) AS scroll_depth_percent,
    sum(clicks) AS clicks,
    count(load_ms)::integer AS load_timed_views,
    coalesce(sum(load_ms), 0) AS load_time_ms,
    array_agg(DISTINCT person_id) AS viewers
  FROM view
  GROUP BY date, page_host, page_category, page_url
),
stored AS (
  SELECT * FROM page_metrics_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'page_metrics_daily', concat_ws(' ', date, nullif(page_category, ''), page_host || page_url), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, page_host, page_category, page_url)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

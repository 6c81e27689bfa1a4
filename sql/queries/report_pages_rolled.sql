-- The pages of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $8 as in
-- report_pages.sql. Who saw a page is counted for the rows that are shown only, unless they are sorted by it.
WITH day AS MATERIALIZED (
  SELECT *
  FROM page_metrics_daily
  WHERE date BETWEEN ($1::timestamptz AT TIME ZONE $3)::date
      AND (($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3)::date
    AND ($5::text IS NULL OR page_url LIKE like_pattern($5))
    AND ($6::text IS NULL OR page_host = $6)
),
figures AS (
  SELECT
    GROUPING(page_url) = 1 AS is_total,
    page_host,
    page_url,
    coalesce(sum(total_views), 0) AS views,
    round(sum(time_on_page_seconds) / nullif(sum(timed_views), 0), 2) AS avg_time_on_page_seconds,
    round(sum(scroll_depth_percent) / nullif(sum(scrolled_views), 0), 2) AS avg_scroll_depth_percent,
    coalesce(sum(entry_count), 0) AS entries,
    coalesce(sum(exit_count), 0) AS exits,
    round(100.0 * sum(bounce_count) / nullif(sum(entry_count), 0), 2) AS bounce_rate_percent
  FROM day
  GROUP BY GROUPING SETS ((page_host, page_url), ())
),
counted AS (
  SELECT
    figures.*,
    CASE WHEN $4 = 'visitors' AND NOT is_total THEN (
      SELECT count(DISTINCT viewer)
      FROM day, unnest(day.viewers) AS viewer
      WHERE day.page_host = figures.page_host AND day.page_url = figures.page_url
    ) END AS visitors
  FROM figures
),
placed AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY is_total
      ORDER BY CASE $4
        WHEN 'visitors' THEN visitors
        WHEN 'time' THEN avg_time_on_page_seconds
        WHEN 'scroll' THEN avg_scroll_depth_percent
        WHEN 'entries' THEN entries
        WHEN 'exits' THEN exits
        WHEN 'bounce' THEN bounce_rate_percent
        ELSE views END DESC NULLS LAST, views DESC, page_url COLLATE "C", page_host COLLATE "C"
    ) AS place
  FROM counted
)
SELECT
  is_total,
  place AS cursor,
  page_url AS page,
  nullif(page_host, '') AS host,
  views,
  coalesce(visitors, (
    SELECT count(DISTINCT viewer)
    FROM day, unnest(day.viewers) AS viewer
    WHERE is_total OR (day.page_host = placed.page_host AND day.page_url = placed.page_url)
  )) AS visitors,
  avg_time_on_page_seconds,
  avg_scroll_depth_percent,
  entries,
  exits,
  bounce_rate_percent
FROM placed
WHERE is_total OR (place > $8::bigint AND place <= $8::bigint + $7::bigint + 1)
ORDER BY is_total, place

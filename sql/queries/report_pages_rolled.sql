-- The pages of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $9 as in
-- report_pages.sql. Who saw a page is counted for the rows that are shown only; where they are sorted by it, for those with most
-- views and those that have no fewer views than the last of these has visitors. Who saw any page is kept by the day.
WITH
/*part range_dates*/,
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
  FROM range
  JOIN page_metrics_daily AS day ON day.date BETWEEN first_date AND last_date
    AND ($5::text IS NULL OR page_url LIKE like_pattern($5))
    AND ($6::text IS NULL OR page_host = $6)
  GROUP BY GROUPING SETS ((page_host, page_url), ())
),
/*part pages_candidate*/,
seen_any AS (
  SELECT count(DISTINCT viewer) AS visitors
  FROM (
    SELECT unnest(viewers) AS viewer
    FROM range
    JOIN overview_daily AS day ON day.date BETWEEN first_date AND last_date AND $5::text IS NULL AND $6::text IS NULL
    UNION ALL
    SELECT unnest(viewers)
    FROM range
    JOIN page_metrics_daily AS day ON day.date BETWEEN first_date AND last_date AND ($5::text IS NOT NULL OR $6::text IS NOT NULL)
      AND ($5::text IS NULL OR page_url LIKE like_pattern($5))
      AND ($6::text IS NULL OR page_host = $6)
  ) AS view
),
likely AS MATERIALIZED (
  SELECT page_host, page_url, page_viewers(first_date, last_date, page_host, page_url) AS visitors
  FROM candidate, range
  WHERE NOT is_total AND place <= $8::bigint + $7::bigint + 1
),
placed AS (
  SELECT
    candidate.*,
    CASE
      WHEN is_total THEN seen_any.visitors
      ELSE coalesce(likely.visitors, page_viewers(first_date, last_date, candidate.page_host, candidate.page_url)) END AS visitors
  FROM candidate
  CROSS JOIN seen_any
  CROSS JOIN range
  LEFT JOIN likely USING (page_host, page_url)
  WHERE is_total OR $4 <> 'visitors' OR views >= coalesce(
    (SELECT visitors FROM likely ORDER BY visitors DESC LIMIT 1 OFFSET $8::bigint + $7::bigint), 0)
)
/*part pages_placed*/

-- The pages of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $8 as in
-- report_pages.sql. Who saw a page is counted for the rows that are shown only, unless they are sorted by it; who saw any
-- page is kept by the day.
WITH range AS (
  SELECT
    ($1::timestamptz AT TIME ZONE $3)::date AS first_date,
    (($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3)::date AS last_date
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
placed AS (
  SELECT
    candidate.*,
    CASE WHEN is_total THEN seen_any.visitors
    ELSE (
      SELECT count(DISTINCT viewer)
      FROM (
        SELECT unnest(day.viewers) AS viewer
        FROM range
        CROSS JOIN generate_series(0, last_date - first_date) AS at
        CROSS JOIN LATERAL (
          SELECT viewers
          FROM page_metrics_daily
          WHERE date = first_date + at AND page_url = candidate.page_url AND page_host = candidate.page_host
          OFFSET 0
        ) AS day
      ) AS view
    ) END AS visitors
  FROM candidate
  CROSS JOIN seen_any
)
/*part pages_placed*/

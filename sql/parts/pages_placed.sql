-- The rows of pages that are shown, from `placed`, whose places are those of any order but by visitors. $4 what to sort by; $7 how
-- many rows, $8 behind which place; $9 where given, all of them.
SELECT *
FROM (
  SELECT
    is_total,
    CASE WHEN $4 = 'visitors'
      THEN row_number() OVER (
        PARTITION BY is_total ORDER BY visitors DESC, views DESC, page_url COLLATE "C", page_host COLLATE "C"
      )
      ELSE place END AS cursor,
    page_url AS page,
    nullif(page_host, '') AS host,
    views,
    visitors,
    avg_time_on_page_seconds,
    avg_scroll_depth_percent,
    entries,
    exits,
    bounce_rate_percent
  FROM placed
) AS row
WHERE is_total OR $9::jsonb IS NOT NULL OR (cursor > $8::bigint AND cursor <= $8::bigint + $7::bigint + 1)
ORDER BY is_total, cursor

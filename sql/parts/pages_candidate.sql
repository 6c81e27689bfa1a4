-- Those of the pages in `figures` that may be shown, by place: all of them where they are sorted by visitors, who are told apart for
-- candidates only. $4 what to sort by; $7 how many rows, $8 behind which place; $9 only these pages, whatever their place.
candidate AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT
      *,
      row_number() OVER (
        PARTITION BY is_total
        ORDER BY CASE $4
          WHEN 'time' THEN avg_time_on_page_seconds
          WHEN 'scroll' THEN avg_scroll_depth_percent
          WHEN 'entries' THEN entries
          WHEN 'exits' THEN exits
          WHEN 'bounce' THEN bounce_rate_percent
          ELSE views END DESC NULLS LAST, views DESC, page_url COLLATE "C", page_host COLLATE "C"
      ) AS place
    FROM figures
  ) AS ranked
  WHERE is_total OR CASE WHEN $9::jsonb IS NULL
    THEN $4 = 'visitors' OR (place > $8::bigint AND place <= $8::bigint + $7::bigint + 1)
    ELSE jsonb_build_array(page_url, nullif(page_host, '')) IN (SELECT jsonb_array_elements($9::jsonb)) END
)

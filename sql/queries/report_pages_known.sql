-- Whether report_pages_valued.sql tells the same as report_pages.sql, and sooner; $1 to $9 as there. Pages that are kept on no day
-- have no more views than may be seen of one that is not kept on each of the days; where the last of the pages that are shown has
-- more of those that are kept, none of the others can be shown, whatever was seen on days that are not kept. It is sooner where no
-- more than half of the days are read: those that are not kept, or do not know all pages that are asked for by their keys, and those
-- beside them, whose sessions may have rows on them. No more than ten values have a tenth of the sessions each.
WITH
/*part pages_kept*/,
page AS (
  SELECT sum(views) AS views FROM kept WHERE page_id > 0 GROUP BY page_id
),
read AS (
  SELECT bool_or(NOT is_enough) OVER (ORDER BY date ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS is_read
  FROM (
    SELECT
      date,
      is_kept AND (SELECT count(*) FROM asked_page)
        = (SELECT count(*) FROM asked_page JOIN known_page USING (page_id) WHERE known_page.date = day.date) AS is_enough
    FROM day
  ) AS known
)
SELECT CASE WHEN $4 = 'views' AND $5::text IS NULL AND $6::text IS NULL AND (SELECT count(*) FROM asked_value) BETWEEN 1 AND 10
  THEN (SELECT 2 * count(*) FILTER (WHERE is_read) <= count(*) FROM read) AND (
    $9::jsonb IS NOT NULL
    OR (SELECT coalesce(sum(views_at_most), 0) = 0 FROM kept_value)
    OR coalesce(
      (SELECT views FROM page ORDER BY views DESC LIMIT 1 OFFSET $8::bigint + $7::bigint) > (SELECT sum(views_at_most) FROM kept_value),
      false
    ))
  ELSE false END

-- Whether report_pages_valued.sql tells the same as report_pages.sql, and sooner; $1 to $9 as there. Pages that are kept on no day
-- have no more views than may be seen of one that is not kept on each of the days; where the last of the pages that are shown has
-- more of those that are kept, none of the others can be shown, whatever was seen on days that are not kept. Of pages that are asked
-- for by their keys it is sooner where all of them are known on most days. No more than ten values have a tenth of the sessions each.
WITH
/*part pages_kept*/,
page AS (
  SELECT sum(views) AS views FROM kept WHERE page_id > 0 GROUP BY page_id
),
enough AS (
  SELECT count(*) FILTER (WHERE is_kept AND known_pages = asked_pages) * 2 >= count(*) AS is_so
  FROM (
    SELECT
      day.is_kept,
      (SELECT count(*) FROM asked_page) AS asked_pages,
      (SELECT count(*) FROM asked_page JOIN known_page USING (page_id) WHERE known_page.date = day.date) AS known_pages
    FROM day
  ) AS one
)
SELECT CASE WHEN $4 = 'views' AND $5::text IS NULL AND $6::text IS NULL AND (SELECT count(*) FROM asked_value) BETWEEN 1 AND 10
  THEN (SELECT is_so FROM enough) AND (
    $9::jsonb IS NOT NULL
    OR (SELECT coalesce(sum(views_at_most), 0) = 0 FROM kept_value)
    OR coalesce(
      (SELECT views FROM page ORDER BY views DESC LIMIT 1 OFFSET $8::bigint + $7::bigint) > (SELECT sum(views_at_most) FROM kept_value),
      false
    ))
  ELSE false END

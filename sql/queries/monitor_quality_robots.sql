-- Percent of the last day's hits that were robots'; null: too few to tell.
SELECT CASE WHEN robots + views >= 20 THEN round(100.0 * robots / (robots + views), 2) END
FROM (
  SELECT
    (SELECT count(*) FROM robots WHERE seen_at >= now() - interval '1 day') AS robots,
    (SELECT count(*) FROM page_views WHERE viewed_at >= now() - interval '1 day') AS views
) AS counted

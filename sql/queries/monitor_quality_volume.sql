-- Views of the last 24 full hours in percent of those a week before; null where these are too few to tell.
SELECT CASE WHEN views_before >= 100 THEN round(100.0 * views_now / views_before, 2) END
FROM (
  SELECT
    coalesce(sum(views) FILTER (WHERE hour >= until - interval '24 hours'), 0) AS views_now,
    coalesce(sum(views) FILTER (WHERE hour < until - interval '168 hours'), 0) AS views_before
  FROM overview_hourly, date_trunc('hour', now()) AS until
  WHERE hour >= until - interval '192 hours' AND hour < until
) AS counted

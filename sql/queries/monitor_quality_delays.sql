-- Seconds in which 95 of 100 views of the last day were stored after they had happened; null: too few to tell.
SELECT CASE WHEN count(*) >= 20
  THEN round(percentile_cont(0.95) WITHIN GROUP (ORDER BY GREATEST(extract(epoch FROM created_at - viewed_at), 0)::float8)::numeric, 1)
  END
FROM page_views
WHERE viewed_at >= now() - interval '1 day'

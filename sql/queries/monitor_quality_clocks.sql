-- Percent of the last day's views that happened more than two minutes after they were stored; null: too few to tell.
SELECT CASE WHEN count(*) >= 20
  THEN round(100.0 * count(*) FILTER (WHERE viewed_at > created_at + interval '2 minutes') / count(*), 2) END
FROM page_views
WHERE viewed_at >= now() - interval '1 day'

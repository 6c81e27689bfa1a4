-- Percent of the last day's events that name a view which is not stored, of those that name one; null: too few to tell. Views may
-- come minutes later.
SELECT CASE WHEN count(*) >= 20 THEN round(100.0 * count(*) FILTER (WHERE v.id IS NULL) / count(*), 2) END
FROM user_events AS e
LEFT JOIN page_views AS v ON v.viewed_at = uuid7_ts(e.page_view_id) AND v.id = e.page_view_id
WHERE e.created_at >= now() - interval '1 day' AND e.created_at < now() - interval '10 minutes' AND e.page_view_id IS NOT NULL

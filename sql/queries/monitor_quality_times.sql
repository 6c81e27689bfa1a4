-- Percent of the last day's views without a time on page, of ended sessions that a browser's script told of; null: too few to tell.
SELECT CASE WHEN count(*) >= 20 THEN round(100.0 * count(*) FILTER (WHERE v.time_on_page_seconds IS NULL) / count(*), 2) END
FROM page_views AS v
JOIN user_sessions AS s ON s.id = v.session_id AND s.person_id = v.person_id
  AND s.started_at >= now() - interval '2 days' AND s.started_at < now() + interval '1 day'
WHERE v.viewed_at >= now() - interval '1 day' AND s.ended_at IS NOT NULL AND NOT s.is_made_by_loader

-- The ways of the sessions whose views are there.
INSERT INTO recount_ways
SELECT session_id, array_agg(page_id ORDER BY place), array_agg(page ORDER BY place)
FROM (
  SELECT session_id, page_id, place, page, lag(page) OVER (PARTITION BY session_id ORDER BY place) AS page_before
  FROM recount_views
  CROSS JOIN LATERAL (SELECT page_host || page_url AS page) AS named
  WHERE place <= 1000
) AS step
WHERE page IS DISTINCT FROM page_before
GROUP BY session_id

-- Where a page was clicked, in cells of a hundredth of the page's width. $1 from, $2 to; $3 the zone, in which nothing is
-- counted; $4 the page's path, with * for any text; $5 only this host; $6 the type of device; $7 how many cells,
-- $8 behind which place; $9 where given, only the cells of these keys.
WITH click AS (
  SELECT
    ((e.viewport_position ->> 'x')::numeric / 10)::integer AS x,
    ((e.viewport_position ->> 'y')::numeric / 10)::integer AS y,
    e.person_id
  FROM user_events AS e
  JOIN session_summaries AS s ON s.session_id = e.session_id AND s.person_id = e.person_id
    AND s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
  JOIN page_views AS v ON v.viewed_at = uuid7_ts(e.page_view_id) AND v.id = e.page_view_id
  WHERE e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz AND $3 <> ''
    AND e.event_type = 'click' AND e.viewport_position ? 'x' AND e.viewport_position ? 'y'
    AND v.page_url LIKE like_pattern($4)
    AND ($5::text IS NULL OR v.page_host = $5)
    AND ($6::text IS NULL OR s.device_type_id = (SELECT id FROM dimension_values WHERE value = $6))
    /*where s*/
),
cell AS (
  SELECT GROUPING(x) = 1 AS is_total, x, y, count(*) AS clicks, count(DISTINCT person_id) AS persons
  FROM click
  GROUP BY GROUPING SETS ((x, y), ())
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY is_total ORDER BY clicks DESC, y, x) AS place,
    max(clicks) FILTER (WHERE NOT is_total) OVER () AS most_clicks
  FROM cell
)
SELECT
  is_total,
  place AS cursor,
  x,
  y,
  clicks,
  persons,
  CASE WHEN NOT is_total THEN round(100.0 * clicks / most_clicks, 2) END AS density_percent
FROM placed
WHERE is_total OR CASE WHEN $9::jsonb IS NULL
  THEN place > $8::bigint AND place <= $8::bigint + $7::bigint + 1
  ELSE jsonb_build_array(x, y) IN (SELECT jsonb_array_elements($9::jsonb)) END
ORDER BY is_total, place

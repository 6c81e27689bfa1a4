-- The most seen pages of the day that begins at $1, of the sessions of each value that a tenth of the day's sessions has or more; none
-- begins behind $2. Of pages that are seen as often, all are kept or none, so that no text has to be compared.
WITH bucket AS MATERIALIZED (
  SELECT date, $1::timestamptz AS begins_at, day_begin(date + 1, timezone) AS ends_at,
    /*part dimension_names*/ AS dimensions
  FROM (SELECT timezone, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state) AS day
), described AS (
  SELECT count(*) OVER () AS all_sessions, unnest(
    /*part dimension_ids*/) AS value_id, generate_series(1, cardinality(dimensions)) AS dimension
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date AND s.is_first
), large AS MATERIALIZED (
  SELECT row_number() OVER ()::integer AS cell, dimension, value_id
  FROM described
  GROUP BY dimension, value_id, all_sessions
  HAVING 10 * count(*) >= all_sessions
), asked_day AS MATERIALIZED (
  SELECT begins_at, ends_at FROM bucket
), /*part day_sessions*/, session AS MATERIALIZED ( -- with each cell it is in
  SELECT number, person_id, cell
  FROM (
    SELECT number, person_id, unnest(
      /*part dimension_ids*/) AS value_id, generate_series(1, cardinality(dimensions)) AS dimension
    FROM bucket, near s
  ) AS described
  JOIN large USING (dimension, value_id)
), view AS MATERIALIZED (
  /*part day_views*/
), figures AS (
  SELECT
    cell,
    page_id,
    count(*) AS views,
    count(seconds) AS timed_views,
    coalesce(sum(seconds), 0) AS time_on_page_seconds,
    count(scroll) AS scrolled_views,
    coalesce(sum(scroll), 0) AS scroll_depth_percent,
    count(*) FILTER (WHERE is_entry) AS entries,
    count(*) FILTER (WHERE is_exit) AS exits,
    count(*) FILTER (WHERE is_bounce) AS bounces
  FROM view
  JOIN session USING (number)
  GROUP BY cell, page_id
), ranked AS MATERIALIZED (
  SELECT *, page_id > 0 AND count(*) OVER (PARTITION BY cell ORDER BY views DESC) <= 30 AS is_kept
  FROM figures
), viewer AS (
  SELECT cell, page_id, array_agg(DISTINCT person_id ORDER BY person_id) AS persons
  FROM view
  JOIN session USING (number)
  JOIN ranked USING (cell, page_id)
  WHERE is_kept
  GROUP BY cell, page_id
), whole AS (
  SELECT
    cell,
    sum(views) AS views,
    sum(timed_views) AS timed_views,
    sum(time_on_page_seconds) AS time_on_page_seconds,
    sum(scrolled_views) AS scrolled_views,
    sum(scroll_depth_percent) AS scroll_depth_percent,
    sum(entries) AS entries,
    sum(exits) AS exits,
    sum(bounces) AS bounces,
    max(views) FILTER (WHERE NOT is_kept) AS views_at_most
  FROM ranked
  GROUP BY cell
), any_viewer AS (
  SELECT cell, array_agg(DISTINCT person_id ORDER BY person_id) AS persons
  FROM session
  WHERE number IN (SELECT number FROM view)
  GROUP BY cell
), fresh (
    date, dimension, value_id, page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries,
    exits, bounces, persons, views_at_most
) AS (
  SELECT date, dimensions[dimension], value_id, page_id, views, timed_views, time_on_page_seconds, scrolled_views,
    scroll_depth_percent, entries, exits, bounces, persons, 0
  FROM bucket, ranked
  JOIN large USING (cell)
  JOIN viewer USING (cell, page_id)
  WHERE is_kept
  UNION ALL
  SELECT date, dimensions[dimension], value_id, 0, coalesce(views, 0), coalesce(timed_views, 0), coalesce(time_on_page_seconds, 0),
    coalesce(scrolled_views, 0), coalesce(scroll_depth_percent, 0), coalesce(entries, 0), coalesce(exits, 0), coalesce(bounces, 0),
    coalesce(persons, '{}'), coalesce(views_at_most, 0)
  FROM bucket, large
  LEFT JOIN whole USING (cell)
  LEFT JOIN any_viewer USING (cell)
), gone AS (
  DELETE FROM value_pages_daily t
  WHERE t.date = (SELECT date FROM bucket)
    AND NOT EXISTS (
      SELECT FROM fresh f WHERE f.dimension = t.dimension AND f.value_id = t.value_id AND f.page_id = t.page_id)
)
INSERT INTO value_pages_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, dimension, value_id, page_id) DO UPDATE SET (
    date, dimension, value_id, page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries,
    exits, bounces, persons, views_at_most
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

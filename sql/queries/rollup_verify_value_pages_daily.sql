-- The most seen pages of the days from $1 to $2, the end not included, of the sessions of each value that a tenth of the day's sessions
-- has or more: as many as are kept, without those of which more have as many views, and what the others have at the most. Nothing
-- is kept of days that are yet to be counted.
WITH described AS (
  SELECT session_id, person_id, date, is_first, dimension, value_id
  FROM recount_sessions
  CROSS JOIN LATERAL (VALUES
    /*part verify_dimensions*/
  ) AS described (dimension, value_id)
),
large AS MATERIALIZED (
  SELECT date, dimension, value_id
  FROM (
    SELECT date, dimension, value_id, count(*) AS sessions, sum(count(*)) OVER (PARTITION BY date, dimension) AS all_sessions
    FROM described
    WHERE is_first AND date >= $1::date AND date < $2::date
    GROUP BY date, dimension, value_id
  ) AS counted
  WHERE sessions >= all_sessions / 10
    AND date NOT IN (SELECT (bucket AT TIME ZONE timezone)::date FROM rollup_state, changed_buckets WHERE kind = 'w')
),
view AS MATERIALIZED (
  SELECT large.*, view.person_id, page_id, page_host || page_url AS page, visible_seconds, scroll_percent, place = 1 AS is_entry,
    place = session_views AS is_exit, session_views = 1 AS is_only
  FROM recount_views AS view
  JOIN (SELECT DISTINCT date FROM large) AS day USING (date)
  JOIN described USING (session_id, person_id)
  JOIN large ON large.date = view.date AND large.dimension = described.dimension AND large.value_id = described.value_id
),
figures AS (
  SELECT GROUPING(page) = 1 AS is_whole, date, dimension, value_id, page_id,
    count(*)::integer AS views,
    count(visible_seconds)::integer AS timed_views,
    coalesce(sum(visible_seconds), 0) AS time_on_page_seconds,
    count(scroll_percent)::integer AS scrolled_views,
    coalesce(sum(scroll_percent), 0) AS scroll_depth_percent,
    count(*) FILTER (WHERE is_entry)::integer AS entries,
    count(*) FILTER (WHERE is_exit)::integer AS exits,
    count(*) FILTER (WHERE is_only)::integer AS bounces,
    array_agg(DISTINCT person_id) AS persons
  FROM view
  GROUP BY GROUPING SETS ((date, dimension, value_id, page, page_id), (date, dimension, value_id))
),
page AS MATERIALIZED (
  SELECT *, page_id IS NOT NULL AND count(*) OVER (PARTITION BY date, dimension, value_id ORDER BY views DESC) <= 30 AS is_kept
  FROM figures
  WHERE NOT is_whole
),
most AS (
  SELECT date, dimension, value_id, max(views) AS views_at_most
  FROM page
  WHERE NOT is_kept
  GROUP BY date, dimension, value_id
),
recount AS (
  SELECT date, dimension, value_id, page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries,
    exits, bounces, persons, 0 AS views_at_most
  FROM page
  WHERE is_kept
  UNION ALL
  SELECT date, dimension, value_id, 0, coalesce(views, 0), coalesce(timed_views, 0), coalesce(time_on_page_seconds, 0),
    coalesce(scrolled_views, 0), coalesce(scroll_depth_percent, 0), coalesce(entries, 0), coalesce(exits, 0), coalesce(bounces, 0),
    coalesce(persons, '{}'), coalesce(views_at_most, 0)
  FROM large
  LEFT JOIN (SELECT * FROM figures WHERE is_whole) AS whole USING (date, dimension, value_id)
  LEFT JOIN most USING (date, dimension, value_id)
),
stored AS (
  SELECT * FROM value_pages_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'value_pages_daily', concat_ws(' ', date, dimension, coalesce(nullif(word.value, ''), '(none)'), nullif(page.value, '')),
    to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, dimension, value_id, page_id)
  LEFT JOIN dimension_values AS word ON word.id = value_id
  LEFT JOIN dimension_values AS page ON page.id = page_id
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

-- The first five pages of the sessions of the days from $1 to $2, the end not included: ways that several took, as many as are
-- kept, and how many took another at the most.
WITH session AS (
  SELECT date, way.page_ids[1:5] AS way, person_id, is_first, is_first AND is_ended AS is_counted_ended, duration_seconds, conversions
  FROM recount_sessions JOIN recount_ways AS way USING (session_id)
  WHERE date >= $1::date AND date < $2::date
),
ranked AS (
  SELECT date, way, count(*) FILTER (WHERE is_first)::integer AS sessions,
    row_number() OVER (PARTITION BY date ORDER BY count(*) FILTER (WHERE is_first) DESC, cardinality(way), way) AS rank
  FROM session GROUP BY date, way
),
named AS (
  SELECT *, CASE WHEN sessions = 1 OR rank > (SELECT pages_max FROM rollup_state) THEN '{}' ELSE way END AS path FROM ranked
),
recount AS (
  SELECT date, path,
    count(*) FILTER (WHERE is_first)::integer AS sessions,
    count(*) FILTER (WHERE is_counted_ended)::integer AS ended_sessions,
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted_ended), 0) AS duration_seconds,
    count(*) FILTER (WHERE is_first AND conversions > 0)::integer AS converted_sessions,
    array_agg(DISTINCT person_id) AS persons
  FROM session JOIN named USING (date, way)
  WHERE path <> '{}'
  GROUP BY date, path
  UNION ALL
  SELECT date, path, max(sessions), 0, 0, 0, '{}' FROM named WHERE path = '{}' GROUP BY date, path
),
stored AS (
  SELECT * FROM page_paths_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'page_paths_daily',
    concat_ws(' ', date, (
      SELECT string_agg(value, ' → ' ORDER BY step)
      FROM unnest(path) WITH ORDINALITY AS page (id, step)
      LEFT JOIN dimension_values USING (id))),
    to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, path)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

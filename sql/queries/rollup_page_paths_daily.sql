-- The first five pages of the sessions of the day that begins at $1.
WITH bucket AS (
  SELECT pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), session AS (
  SELECT (coalesce(s.path, s.pages))[:5] AS path, s.person_id, s.is_first, s.is_first AND s.is_ended AS is_counted_ended,
    s.duration_seconds, s.conversions
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date AND s.views > 0
), ranked AS (
  SELECT path, sessions, sessions > 1 AND row_number() OVER (ORDER BY sessions DESC, cardinality(path), path) <= pages_max AS is_kept
  FROM bucket, (SELECT path, count(*) FILTER (WHERE is_first) AS sessions FROM session GROUP BY path) AS counted
), fresh (
    date, path, sessions, ended_sessions, duration_seconds, converted_sessions, persons
) AS (
  SELECT date, path, count(*) FILTER (WHERE is_first), count(*) FILTER (WHERE is_counted_ended),
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted_ended), 0), count(*) FILTER (WHERE is_first AND conversions > 0),
    array_agg(DISTINCT person_id ORDER BY person_id)
  FROM bucket, session
  JOIN ranked USING (path)
  WHERE is_kept
  GROUP BY date, path
  UNION ALL
  SELECT date, '{}', max(sessions), 0, 0, 0, '{}'
  FROM bucket, ranked
  WHERE NOT is_kept
  GROUP BY date
), gone AS (
  DELETE FROM page_paths_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.path = t.path)
)
INSERT INTO page_paths_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, path) DO UPDATE SET (
    date, path, sessions, ended_sessions, duration_seconds, converted_sessions, persons
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

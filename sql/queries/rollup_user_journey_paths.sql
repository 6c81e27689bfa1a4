-- The ways of the sessions of the day that begins at $1.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), session AS (
  SELECT s.*, coalesce(s.path, s.pages) AS way
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date AND s.views > 0
), text AS ( -- one by one: the dictionary is that of all history
  SELECT id, value
  FROM (SELECT device_type_id AS id FROM session UNION SELECT unnest(way) FROM session) AS used
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = used.id OFFSET 0) AS d
), person AS (
  SELECT coalesce(nullif(d.value, ''), 'unknown') AS device_type, s.way AS path, s.person_id,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_first AND is_ended) AS ended_sessions,
    sum(duration_seconds) FILTER (WHERE is_first AND is_ended) AS duration_seconds,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions
  FROM session s
  JOIN text d ON d.id = s.device_type_id
  GROUP BY 1, 2, 3
), step AS (
  SELECT t.device_type, t.path, t.sessions, page, number
  FROM (SELECT device_type, path, sum(sessions) AS sessions FROM person GROUP BY device_type, path) AS t
  CROSS JOIN unnest(t.path) WITH ORDINALITY AS p (page, number)
  OFFSET 0
), named AS (
  SELECT s.device_type, s.path, s.sessions, array_agg(v.value ORDER BY number) AS pages
  FROM step s
  JOIN text v ON v.id = s.page
  GROUP BY s.device_type, s.path, s.sessions
), way AS (
  SELECT device_type, path, pages, row_number() OVER (PARTITION BY device_type ORDER BY sessions DESC, pages::text COLLATE "C") AS rank
  FROM named
), summed AS (
  SELECT date, device_type, CASE WHEN rank <= pages_max THEN pages ELSE '{(other)}' END AS path_sequence,
    sum(sessions) AS sessions, count(DISTINCT person_id) AS unique_users, sum(ended_sessions) AS ended_sessions,
    coalesce(sum(duration_seconds), 0) AS duration_seconds, sum(converted_sessions) AS converted_sessions
  FROM bucket, person
  JOIN way USING (device_type, path)
  GROUP BY 1, 2, 3
), fresh AS (
  SELECT path_sequence, cardinality(path_sequence) AS path_length, sessions AS session_count, unique_users,
    round(duration_seconds::numeric / nullif(ended_sessions, 0), 2) AS avg_time_seconds,
    round(100.0 * converted_sessions / sessions, 2) AS conversion_rate, device_type, date AS date_range_start, date AS date_range_end,
    sha256(convert_to(path_sequence::text, 'UTF8')) AS path_hash, ended_sessions, duration_seconds, converted_sessions
  FROM summed
), gone AS (
  DELETE FROM user_journey_paths t
  WHERE t.date_range_start = (SELECT date FROM bucket)
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.device_type = t.device_type AND f.path_hash = t.path_hash)
)
INSERT INTO user_journey_paths AS t (
    path_sequence, path_length, session_count, unique_users, avg_time_seconds, conversion_rate, device_type,
    date_range_start, date_range_end, path_hash, ended_sessions, duration_seconds, converted_sessions)
SELECT * FROM fresh
ON CONFLICT (date_range_start, device_type, path_hash) DO UPDATE SET
  session_count = EXCLUDED.session_count, unique_users = EXCLUDED.unique_users, avg_time_seconds = EXCLUDED.avg_time_seconds,
  conversion_rate = EXCLUDED.conversion_rate, ended_sessions = EXCLUDED.ended_sessions, duration_seconds = EXCLUDED.duration_seconds,
  converted_sessions = EXCLUDED.converted_sessions, last_updated_at = now()
WHERE (t.session_count, t.unique_users, t.ended_sessions, t.duration_seconds, t.converted_sessions)
  IS DISTINCT FROM (EXCLUDED.session_count, EXCLUDED.unique_users, EXCLUDED.ended_sessions, EXCLUDED.duration_seconds, EXCLUDED.converted_sessions)

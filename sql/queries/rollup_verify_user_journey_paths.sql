-- Ways of the sessions of the days from $1 to $2, the end not included, by device type: those most taken, as many as are
-- kept, and the rest.
WITH session AS (
  SELECT date, device_type, way.pages[1:10] AS path, person_id, is_first, is_ended, duration_seconds, conversions
  FROM recount_sessions JOIN recount_ways AS way USING (session_id)
  WHERE date >= $1::date AND date < $2::date
),
ranked AS (
  SELECT date, device_type, path,
    row_number() OVER (PARTITION BY date, device_type ORDER BY count(*) FILTER (WHERE is_first) DESC, path::text COLLATE "C") AS rank
  FROM session GROUP BY date, device_type, path
),
kept AS (
  SELECT session.*,
    CASE WHEN rank > (SELECT pages_max FROM rollup_state) THEN '{(other)}' ELSE path END AS path_sequence
  FROM session JOIN ranked USING (date, device_type, path)
),
recount AS (
  SELECT path_sequence,
    cardinality(path_sequence) AS path_length,
    count(*) FILTER (WHERE is_first)::integer AS session_count,
    count(DISTINCT person_id)::integer AS unique_users,
    avg(duration_seconds) FILTER (WHERE is_first AND is_ended)::numeric(10, 2) AS avg_time_seconds,
    (100 * avg((conversions > 0)::integer) FILTER (WHERE is_first))::numeric(5, 2) AS conversion_rate,
    device_type,
    date AS date_range_start,
    date AS date_range_end,
    sha256(convert_to(path_sequence::text, 'UTF8')) AS path_hash,
    count(*) FILTER (WHERE is_first AND is_ended)::integer AS ended_sessions,
    coalesce(sum(duration_seconds) FILTER (WHERE is_first AND is_ended), 0) AS duration_seconds,
    count(*) FILTER (WHERE is_first AND conversions > 0)::integer AS converted_sessions
  FROM kept
  GROUP BY date, device_type, path_sequence
),
stored AS (
  SELECT path_sequence, path_length, session_count, unique_users, avg_time_seconds, conversion_rate, device_type,
    date_range_start, date_range_end, path_hash, ended_sessions, duration_seconds, converted_sessions
  FROM user_journey_paths WHERE date_range_start >= $1::date AND date_range_start < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'user_journey_paths', concat_ws(' ', date_range_start, device_type, path_sequence), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date_range_start, device_type, path_sequence)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

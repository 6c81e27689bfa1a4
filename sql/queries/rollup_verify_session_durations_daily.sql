-- How long the sessions of the days from $1 to $2, the end not included, took.
WITH recount AS (
  SELECT date, duration_seconds, count(*)::integer AS sessions
  FROM recount_sessions
  WHERE is_first AND is_ended AND date >= $1::date AND date < $2::date
  GROUP BY date, duration_seconds
),
stored AS (
  SELECT date, duration_seconds, sessions FROM session_durations_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'session_durations_daily', concat_ws(' ', date, duration_seconds), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, duration_seconds)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

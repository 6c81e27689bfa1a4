-- How long the sessions took that started on the day that begins at $1, from its hours.
WITH bucket AS (
  SELECT ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), fresh (date, duration_seconds, sessions) AS (
  SELECT h.date, seconds, count(*)
  FROM bucket, overview_hourly h, unnest(h.durations) AS seconds
  WHERE h.hour >= $1::timestamptz - interval '1 hour' AND h.hour < $2::timestamptz AND h.date = bucket.date
  GROUP BY h.date, seconds
), known AS (
  SELECT * FROM session_durations_daily WHERE date = (SELECT date FROM bucket)
), gone AS (
  DELETE FROM session_durations_daily t
  WHERE t.date = (SELECT date FROM bucket)
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.date = t.date AND f.duration_seconds = t.duration_seconds)
)
INSERT INTO session_durations_daily
SELECT f.* FROM fresh f
LEFT JOIN known USING (date, duration_seconds)
WHERE f.sessions IS DISTINCT FROM known.sessions
ON CONFLICT (date, duration_seconds) DO UPDATE SET sessions = EXCLUDED.sessions

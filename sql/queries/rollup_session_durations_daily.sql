-- How long the sessions took that started on the day that begins at $1.
WITH bucket AS (
  SELECT ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), fresh (date, duration_seconds, sessions) AS (
  SELECT s.date, s.duration_seconds, count(*)
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date AND s.is_first AND s.is_ended
  GROUP BY s.date, s.duration_seconds
), gone AS (
  DELETE FROM session_durations_daily t
  WHERE t.date = (SELECT date FROM bucket)
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.date = t.date AND f.duration_seconds = t.duration_seconds)
)
INSERT INTO session_durations_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, duration_seconds) DO UPDATE SET sessions = EXCLUDED.sessions
WHERE t.sessions <> EXCLUDED.sessions

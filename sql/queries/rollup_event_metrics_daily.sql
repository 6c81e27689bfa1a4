-- The events of the day that begins at $1.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), event AS (
  SELECT event_type AS type, coalesce(event_category, '') AS category, coalesce(event_action, '') AS action, person_id, session_id, event_value
  FROM bucket, user_events
  WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz
    AND (created_at AT TIME ZONE timezone)::date = date
), ranked AS (
  SELECT type, category, action,
    row_number() OVER (ORDER BY count(*) DESC, type COLLATE "C", category COLLATE "C", action COLLATE "C") AS rank
  FROM event
  GROUP BY type, category, action
), named AS (
  SELECT e.*, rank <= pages_max AS is_kept
  FROM bucket, event e
  JOIN ranked USING (type, category, action)
), fresh (
    date, event_type, event_category, event_action, events, persons, sessions, valued_events, value_sum
) AS (
  SELECT date, CASE WHEN is_kept THEN type ELSE '(other)' END AS event_type, CASE WHEN is_kept THEN category ELSE '(other)' END AS event_category,
    CASE WHEN is_kept THEN action ELSE '(other)' END AS event_action, count(*), count(DISTINCT person_id), count(DISTINCT session_id),
    count(event_value), coalesce(sum(event_value), 0)
  FROM bucket, named
  GROUP BY 1, 2, 3, 4
), gone AS (
  DELETE FROM event_metrics_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.date = t.date AND f.event_type = t.event_type AND f.event_category = t.event_category AND f.event_action = t.event_action)
)
INSERT INTO event_metrics_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, event_type, event_category, event_action) DO UPDATE SET (
    date, event_type, event_category, event_action, events, persons, sessions, valued_events, value_sum
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

-- From now on conversions are counted by the goals that are saved now. Notes the sessions with an event that is a conversion by
-- these and was none, or the other way round. Looked at are all events from the first day on which there was such a one by the roll-up
-- of events, or may have been: days with rarer ones than it keeps apart, and such as it is yet to count.
WITH change AS MATERIALIZED (
  SELECT goals AS before, saved_goals() AS after, timezone FROM rollup_state
), followed AS (
  UPDATE rollup_state SET goals = change.after FROM change
), day AS (
  SELECT date
  FROM change, event_metrics_daily
  WHERE event_action = '(other)'
    OR is_conversion(event_category, event_action, before) <> is_conversion(event_category, event_action, after)
  UNION ALL
  SELECT (bucket AT TIME ZONE timezone)::date FROM change, changed_buckets WHERE kind = 'v'
), reached AS (
  SELECT DISTINCT e.session_id
  FROM change, user_events AS e
  WHERE e.created_at >= (SELECT day_begin(min(date), min(timezone)) FROM change, day)
    AND is_conversion(e.event_category, e.event_action, before) <> is_conversion(e.event_category, e.event_action, after)
)
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(session_id)
FROM (SELECT session_id, (row_number() OVER (ORDER BY session_id) - 1) / 1000 AS note FROM reached) AS numbered
GROUP BY note ORDER BY note

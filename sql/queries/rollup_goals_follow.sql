-- From now on conversions are counted by the goals that are saved now. Notes the sessions with an event that is a conversion by
-- these and was none, or the other way round: all events are looked at, once for each change of goals.
WITH change AS MATERIALIZED (
  SELECT goals AS before, saved_goals() AS after FROM rollup_state
), followed AS (
  UPDATE rollup_state SET goals = change.after FROM change
), reached AS (
  SELECT DISTINCT e.session_id
  FROM change, user_events e
  WHERE is_conversion(e.event_category, e.event_action, change.before) <> is_conversion(e.event_category, e.event_action, change.after)
)
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(session_id)
FROM (SELECT session_id, (row_number() OVER (ORDER BY session_id) - 1) / 1000 AS note FROM reached) AS numbered
GROUP BY note ORDER BY note

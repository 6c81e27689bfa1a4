-- Events of the days from $1 to $2, the end not included: kinds with most events, as many as are kept, and the rest.
WITH ranked AS (
  SELECT date, event_type, event_category, event_action,
    row_number() OVER (PARTITION BY date ORDER BY count(*) DESC,
      event_type COLLATE "C", event_category COLLATE "C", event_action COLLATE "C") AS rank
  FROM recount_events WHERE date >= $1::date AND date < $2::date
  GROUP BY date, event_type, event_category, event_action
),
event AS (
  SELECT e.date, kept.event_type, kept.event_category, kept.event_action, person_id, session_id, value
  FROM recount_events AS e
  JOIN ranked USING (date, event_type, event_category, event_action)
  CROSS JOIN LATERAL (
    SELECT ranked.event_type, ranked.event_category, ranked.event_action
    WHERE rank <= (SELECT pages_max FROM rollup_state)
    UNION ALL
    SELECT '(other)', '(other)', '(other)' WHERE rank > (SELECT pages_max FROM rollup_state)
  ) AS kept
),
recount AS (
  SELECT date, event_type, event_category, event_action,
    count(*)::integer AS events,
    count(DISTINCT person_id)::integer AS persons,
    count(DISTINCT session_id)::integer AS sessions,
    count(value)::integer AS valued_events,
    coalesce(sum(value), 0) AS value_sum
  FROM event
  GROUP BY date, event_type, event_category, event_action
),
stored AS (
  SELECT * FROM event_metrics_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'event_metrics_daily', concat_ws(' ', date, event_type, nullif(event_category, ''), nullif(event_action, '')), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, event_type, event_category, event_action)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

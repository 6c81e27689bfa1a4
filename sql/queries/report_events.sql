-- What happened in a range. $1 from, $2 to; $3 the zone, in which nothing is counted; $4 what a row is: action, category, type
-- or property; $5 the property's key; $6 the action or category that is looked at, with * for any text; $7 what to sort by;
-- $8 how many rows, $9 behind which place; $10 where given, only the values of these keys.
WITH event AS MATERIALIZED (
  SELECT
    CASE $4
      WHEN 'category' THEN coalesce(e.event_category, '')
      WHEN 'type' THEN e.event_type
      WHEN 'property' THEN coalesce(e.metadata ->> $5, '')
      ELSE coalesce(e.event_action, '') END AS value,
    e.person_id,
    e.session_id,
    e.event_value
  FROM user_events AS e
  JOIN session_summaries AS s ON s.session_id = e.session_id AND s.person_id = e.person_id
    AND s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
  WHERE e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz AND $3 <> ''
    AND ($4 <> 'property' OR e.metadata ? $5)
    AND ($6::text IS NULL
      OR e.event_action LIKE like_pattern($6)
      OR e.event_category LIKE like_pattern($6))
    /*where s*/
),
figures AS (
  SELECT
    GROUPING(value) = 1 AS is_total,
    value,
    count(*) AS events,
    count(DISTINCT person_id) AS persons,
    count(DISTINCT session_id) AS sessions,
    count(event_value) AS valued_events,
    sum(event_value) AS value_sum
  FROM event
  GROUP BY GROUPING SETS ((value), ())
),
placed AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY is_total
      ORDER BY CASE $7
        WHEN 'persons' THEN persons
        WHEN 'value' THEN value_sum
        ELSE events END DESC NULLS LAST, events DESC, value COLLATE "C"
    ) AS place
  FROM figures
)
SELECT
  is_total,
  place AS cursor,
  value,
  events,
  persons,
  sessions,
  valued_events,
  value_sum
FROM placed
WHERE is_total OR CASE WHEN $10::jsonb IS NULL
  THEN place > $9::bigint AND place <= $9::bigint + $8::bigint + 1
  ELSE jsonb_build_array(value) IN (SELECT jsonb_array_elements($10::jsonb)) END
ORDER BY is_total, place

-- Who sent the sessions of a range, and what came of them. $1 from, $2 to; $3 the zone, in which nothing is counted; $4 which
-- touch of a person counts: last, the session's own, or first, that of the person's first session of all; $5 what to sort by;
-- $6 how many rows, $7 behind which place; $8 where given, only the values of these keys.
WITH session AS MATERIALIZED (
  SELECT
    s.person_id,
    s.is_first /*first s*/ AS is_first,
    s.is_ended,
    s.views,
    s.duration_seconds,
    s.conversions,
    s.conversion_value,
    /*by s*/ s.channel_id /*by*/ AS own_id
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND $3 <> ''
    /*where s*/
),
first_touch AS MATERIALIZED (
  SELECT person.person_id, earliest.value_id
  FROM (SELECT DISTINCT person_id FROM session WHERE $4 = 'first') AS person
  CROSS JOIN LATERAL (
    SELECT /*by e*/ e.channel_id /*by*/ AS value_id
    FROM (
      SELECT began.date
      FROM person_days AS began
      WHERE began.person_id = person.person_id
      ORDER BY began.date
      LIMIT 1
    ) AS day
    JOIN session_summaries AS e ON e.person_id = person.person_id AND e.date = day.date
      AND e.started_at >= day.date - interval '1 day' AND e.started_at < day.date + interval '2 days'
    ORDER BY e.started_at, e.session_id
    LIMIT 1
  ) AS earliest
),
person AS MATERIALIZED (
  SELECT
    CASE WHEN $4 = 'first' THEN first_touch.value_id ELSE own_id END AS value_id,
    session.person_id,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_first AND is_ended) AS ended_sessions,
    coalesce(sum(views) FILTER (WHERE is_first), 0) AS views,
    coalesce(sum(conversions) FILTER (WHERE is_first), 0) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions,
    bool_or(conversions > 0) AS has_converted,
    coalesce(sum(conversion_value) FILTER (WHERE is_first), 0) AS conversion_value
  FROM session
  LEFT JOIN first_touch USING (person_id)
  GROUP BY 1, 2
),
figures AS (
  SELECT
    GROUPING(value_id) = 1 AS is_total,
    value_id,
    count(DISTINCT person_id) AS visitors,
    count(DISTINCT person_id) FILTER (WHERE has_converted) AS converted_visitors,
    coalesce(sum(sessions), 0) AS sessions,
    coalesce(sum(ended_sessions), 0) AS ended_sessions,
    coalesce(sum(bounce_sessions), 0) AS bounce_sessions,
    coalesce(sum(views), 0) AS views,
    coalesce(sum(conversions), 0) AS conversions,
    coalesce(sum(converted_sessions), 0) AS converted_sessions,
    coalesce(sum(conversion_value), 0) AS conversion_value
  FROM person
  GROUP BY GROUPING SETS ((value_id), ())
),
placed AS (
  SELECT
    figures.*,
    named.value,
    row_number() OVER (
      PARTITION BY is_total
      ORDER BY CASE $5
        WHEN 'visitors' THEN visitors
        WHEN 'conversions' THEN conversions
        WHEN 'value' THEN conversion_value
        ELSE sessions END DESC, visitors DESC, named.value COLLATE "C"
    ) AS place
  FROM figures
  LEFT JOIN dimension_values AS named ON named.id = figures.value_id
)
SELECT
  is_total,
  place AS cursor,
  value,
  visitors,
  sessions,
  views,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  converted_visitors,
  conversions,
  conversion_value,
  round(100.0 * converted_sessions / nullif(sessions, 0), 2) AS conversion_rate_percent
FROM placed
WHERE is_total OR CASE WHEN $8::jsonb IS NULL
  THEN place > $7::bigint AND place <= $7::bigint + $6::bigint + 1
  ELSE jsonb_build_array(value) IN (SELECT jsonb_array_elements($8::jsonb)) END
ORDER BY is_total, place

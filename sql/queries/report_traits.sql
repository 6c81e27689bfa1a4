-- Who came, by a trait. $1 from, $2 to: when their sessions began; $3 the zone, in which nothing is counted; $4 the trait's
-- key; $5 how many rows, $6 behind which place. Persons without the trait are no row, and not in the total.
WITH person AS MATERIALIZED (
  SELECT
    p.traits ->> $4 AS value,
    s.person_id,
    count(*) FILTER (WHERE s.is_first) AS sessions,
    coalesce(sum(s.views) FILTER (WHERE s.is_first), 0) AS views,
    coalesce(sum(s.conversions) FILTER (WHERE s.is_first), 0) AS conversions
  FROM session_summaries AS s
  JOIN persons AS p ON p.id = s.person_id AND p.traits ? $4
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND $3 <> ''
    /*where s*/
  GROUP BY 1, 2
),
figures AS (
  SELECT
    GROUPING(value) = 1 AS is_total,
    value,
    count(*) AS visitors,
    coalesce(sum(sessions), 0) AS sessions,
    coalesce(sum(views), 0) AS views,
    coalesce(sum(conversions), 0) AS conversions
  FROM person
  GROUP BY GROUPING SETS ((value), ())
),
placed AS (
  SELECT *, row_number() OVER (PARTITION BY is_total ORDER BY visitors DESC, sessions DESC, value COLLATE "C") AS place
  FROM figures
)
SELECT is_total, place AS cursor, value, visitors, sessions, views, conversions
FROM placed
WHERE is_total OR (place > $6::bigint AND place <= $6::bigint + $5::bigint + 1)
ORDER BY is_total, place

-- Who came, by a trait. $1 from, $2 to: when their sessions began; $3 the zone, in which nothing is counted; $4 the trait's
-- key; $5 how many rows, $6 behind which place; $7 where given, only the values of these keys. Persons without the trait are no
-- row, and not in the total. A session of several persons counts once for each value, and once in the total.
WITH kept AS MATERIALIZED (
  SELECT
    p.traits ->> $4 AS value,
    s.person_id,
    s.views,
    s.conversions,
    others.is_there IS NULL AS is_first,       -- of the session's persons who have the trait
    others.is_same IS NOT true AS is_first_so  -- of those who have it in the same way
  FROM session_summaries AS s
  JOIN persons AS p ON p.id = s.person_id AND p.traits ? $4
  LEFT JOIN LATERAL (
    SELECT true AS is_there, bool_or(q.traits ->> $4 IS NOT DISTINCT FROM p.traits ->> $4) AS is_same
    FROM session_summaries AS o
    JOIN persons AS q ON q.id = o.person_id AND q.traits ? $4
    WHERE o.started_at = s.started_at AND o.session_id = s.session_id AND o.person_id < s.person_id
      /*where o*/
    HAVING count(*) > 0
  ) AS others ON NOT s.is_first
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND $3 <> ''
    /*where s*/
),
figures AS (
  SELECT
    true AS is_total,
    NULL AS value,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    coalesce(sum(views) FILTER (WHERE is_first), 0) AS views,
    coalesce(sum(conversions) FILTER (WHERE is_first), 0) AS conversions
  FROM kept
  UNION ALL
  SELECT
    false,
    value,
    count(DISTINCT person_id),
    count(*) FILTER (WHERE is_first_so),
    coalesce(sum(views) FILTER (WHERE is_first_so), 0),
    coalesce(sum(conversions) FILTER (WHERE is_first_so), 0)
  FROM kept
  GROUP BY value
),
placed AS (
  SELECT *, row_number() OVER (PARTITION BY is_total ORDER BY visitors DESC, sessions DESC, value COLLATE "C") AS place
  FROM figures
)
SELECT is_total, place AS cursor, value, visitors, sessions, views, conversions
FROM placed
WHERE is_total OR CASE WHEN $7::jsonb IS NULL
  THEN place > $6::bigint AND place <= $6::bigint + $5::bigint + 1
  ELSE jsonb_build_array(value) IN (SELECT jsonb_array_elements($7::jsonb)) END
ORDER BY is_total, place

-- How many pass the steps of a funnel, one after the other. $1 to $4 as in parts/funnel_reached.sql; $5 the most values; $6 where given, only
-- the values of these keys. With what
-- `by` names, those who took the first step also stand apart by what the session has in which they took it first.
WITH RECURSIVE
/*part funnel_reached*/,
passed AS (
  SELECT DISTINCT ON (number, who) number, who, at - began_at AS after
  FROM reached
  ORDER BY number, who, at, id
),
origin AS MATERIALIZED (
  SELECT DISTINCT ON (who) who, value_id
  FROM taken
  WHERE number = 1 AND /*name by*/ NULL /*by*/ IS NOT NULL
  ORDER BY who, at, id
),
part AS (
  SELECT 0 AS place, NULL::integer AS value_id, NULL::text AS value
  UNION ALL
  SELECT *
  FROM (
    SELECT row_number() OVER (ORDER BY count(*) DESC, named.value COLLATE "C") AS place, named.id, named.value
    FROM origin
    JOIN dimension_values AS named ON named.id = origin.value_id
    WHERE $6::jsonb IS NULL OR jsonb_build_array(named.value) IN (SELECT jsonb_array_elements($6::jsonb))
    GROUP BY named.id
    ORDER BY place
    LIMIT $5::bigint
  ) AS most
),
figures AS (
  SELECT
    part.place,
    part.value,
    step.number,
    step.kind,
    step.name,
    count(gone.who) AS entered,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM gone.after)) AS median
  FROM part
  CROSS JOIN step
  LEFT JOIN (passed LEFT JOIN origin USING (who)) AS gone
    ON gone.number = step.number AND (part.place = 0 OR gone.value_id = part.value_id)
  GROUP BY part.place, part.value, step.number, step.kind, step.name
)
SELECT
  false AS is_total,
  number AS step,
  kind,
  name,
  entered,
  lag(entered, 1, entered) OVER steps - entered AS dropped,
  round(100.0 * entered / nullif(first_value(entered) OVER steps, 0), 2) AS conversion_percent,
  round(100.0 * entered / nullif(lag(entered) OVER steps, 0), 2) AS step_conversion_percent,
  CASE WHEN number > 1 THEN round(median::numeric, 2) END AS median_seconds,
  value
FROM figures
WINDOW steps AS (PARTITION BY place ORDER BY number)
ORDER BY place, number

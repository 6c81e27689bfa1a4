-- Signed-up persons who were there in a month with days from $1 to $2, the end not included: all their months and weeks.
WITH day AS (
  SELECT DISTINCT person_id, (started_at AT TIME ZONE (SELECT timezone FROM rollup_state))::date AS date
  FROM user_sessions
  WHERE person_id > 0
),
recount AS (
  SELECT
    person_id,
    array_agg(DISTINCT to_char(month, 'YYYY')::integer * 12 + to_char(month, 'MM')::integer) AS months,
    array_agg(DISTINCT (date_trunc('week', date::timestamp)::date - '0001-01-01'::date) / 7) AS weeks
  FROM day
  CROSS JOIN LATERAL (SELECT date_trunc('month', date::timestamp) AS month) AS period
  GROUP BY person_id
  HAVING bool_or(month < $2::date AND month + interval '1 month' > $1::date)
),
stored AS (
  SELECT *
  FROM person_periods
  WHERE EXISTS (
    SELECT
    FROM unnest(months) AS number
    CROSS JOIN LATERAL (SELECT '0001-01-01'::date + make_interval(months => number - 13) AS month) AS period
    WHERE month < $2::date AND month + interval '1 month' > $1::date
  )
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'person_periods', person_id::text, to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (person_id)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

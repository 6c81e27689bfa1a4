-- Cohorts: persons by the period of their sign-up, and how many of them came in each period after. $1 from, $2 to: when they
-- signed up; $3 the zone, whose weeks and months count; $4 week or month. Periods have numbers, from 1, up to the one of now.
-- Sessions count from the sign-up's period on, until now, whatever the range.
WITH period AS MATERIALIZED (
  SELECT
    row_number() OVER (ORDER BY begins)::integer AS number,
    begins::date AS first_date,
    day_begin(begins::date, $3) AS begins_at
  FROM generate_series(date_trunc($4, $1::timestamptz AT TIME ZONE $3), now() AT TIME ZONE $3, ('1 ' || $4)::interval) AS begins
),
bounds AS (
  SELECT array_agg(begins_at ORDER BY number) || day_begin((max(first_date) + ('1 ' || $4)::interval)::date, $3) AS instants FROM period
),
size AS (
  SELECT width_bucket(created_at, (SELECT instants FROM bounds)) AS cohort, count(*) AS persons
  FROM persons
  WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
  GROUP BY cohort
),
counted AS (
  SELECT cohort, number, count(*) AS active_persons
  FROM (
    SELECT DISTINCT person_id, cohort, number
    FROM (
      SELECT id AS person_id, width_bucket(created_at, (SELECT instants FROM bounds)) AS cohort
      FROM persons
      WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
    ) AS member
    JOIN (
      SELECT s.person_id, width_bucket(s.started_at, (SELECT instants FROM bounds)) AS number
      FROM session_summaries AS s
      WHERE s.started_at >= $1::timestamptz - interval '32 days' AND s.person_id > 0
        /*where s*/
    ) AS came USING (person_id)
    WHERE number >= cohort
  ) AS person
  GROUP BY cohort, number
)
SELECT
  false AS is_total,
  signed_up.first_date AS cohort,
  persons,
  period.number - size.cohort AS period,
  coalesce(active_persons, 0) AS active_persons,
  round(100.0 * coalesce(active_persons, 0) / persons, 2) AS retention_percent
FROM size
JOIN period AS signed_up ON signed_up.number = size.cohort
JOIN period ON period.number >= size.cohort
LEFT JOIN counted ON counted.cohort = size.cohort AND counted.number = period.number
ORDER BY signed_up.first_date, period.number

-- Cohorts of whole days of the reporting time zone, without a filter, from the days on which persons were there. $1 to $4 as in
-- report_retention.sql. Periods have numbers, from 1, up to the one of now. A day whose day before lies in another period is the
-- person's first of its period, so nobody is counted twice.
WITH period AS MATERIALIZED (
  SELECT
    row_number() OVER (ORDER BY begins)::integer AS number,
    begins::date AS first_date,
    day_begin(begins::date, $3) AS begins_at
  FROM generate_series(date_trunc($4, $1::timestamptz AT TIME ZONE $3), now() AT TIME ZONE $3, ('1 ' || $4)::interval) AS begins
),
bounds AS (
  SELECT
    array_agg(first_date ORDER BY number) || (max(first_date) + ('1 ' || $4)::interval)::date AS dates,
    array_agg(begins_at ORDER BY number) AS instants
  FROM period
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
    SELECT id AS person_id, width_bucket(created_at, (SELECT instants FROM bounds)) AS cohort
    FROM persons
    WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
  ) AS member
  JOIN (
    SELECT person_id, previous_date, width_bucket(date, (SELECT dates FROM bounds)) AS number
    FROM person_days
    WHERE person_id > 0
  ) AS came USING (person_id)
  WHERE number >= cohort AND previous_date < (SELECT dates FROM bounds)[number]
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

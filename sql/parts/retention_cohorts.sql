-- The weeks or months from the first sign-up on (`period`, by numbers from 1, up to the one of now), where they begin and where the
-- last ends (`bounds`), and who signed up in each (`size`). $1 from, $2 to: when they signed up; $3 the zone; $4 week or month.
period AS MATERIALIZED (
  SELECT
    row_number() OVER (ORDER BY begins)::integer AS number,
    begins::date AS first_date,
    day_begin(begins::date, $3) AS begins_at
  FROM generate_series(date_trunc($4, $1::timestamptz AT TIME ZONE $3), now() AT TIME ZONE $3, ('1 ' || $4)::interval) AS begins
),
bounds AS (
  SELECT
    array_agg(first_date ORDER BY number) || (max(first_date) + ('1 ' || $4)::interval)::date AS dates,
    array_agg(begins_at ORDER BY number) || day_begin((max(first_date) + ('1 ' || $4)::interval)::date, $3) AS instants
  FROM period
),
size AS (
  SELECT width_bucket(created_at, (SELECT instants FROM bounds)) AS cohort, count(*) AS persons
  FROM persons
  WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
  GROUP BY cohort
)

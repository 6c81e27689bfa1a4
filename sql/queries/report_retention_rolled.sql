-- Cohorts of whole days of the reporting time zone, without a filter, from the days on which persons were there. $1 to $4 as in
-- report_retention.sql. Periods have numbers, from 1, up to the one of now. A day whose day before lies in another period is the
-- person's first of its period, so nobody is counted twice.
WITH
/*part retention_cohorts*/,
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
/*part retention_rows*/

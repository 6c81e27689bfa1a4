-- Cohorts of whole days of the reporting time zone, without a filter, from the months and weeks in which persons were there. $1 to
-- $4 as in report_retention.sql. Persons of a cohort who were there in the same ones are counted first, and then their periods.
WITH
/*part retention_cohorts*/,
counted AS (
  SELECT cohort, number, sum(persons) AS active_persons
  FROM (
    SELECT
      cohort,
      persons,
      unnest(came) + 1 - (SELECT CASE $4 WHEN 'week' THEN week_number(first_date) ELSE month_number(first_date) END FROM period WHERE number = 1)
        AS number
    FROM (
      SELECT
        width_bucket(created_at, (SELECT instants FROM bounds)) AS cohort,
        CASE $4 WHEN 'week' THEN weeks ELSE months END AS came,
        count(*) AS persons
      FROM persons
      JOIN person_periods ON person_id = id
      WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
      GROUP BY cohort, came
    ) AS member
  ) AS active
  WHERE number >= cohort
  GROUP BY cohort, number
)
/*part retention_rows*/

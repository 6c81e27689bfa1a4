-- Cohorts: persons by the period of their sign-up, and how many of them came in each period after. $1 from, $2 to: when they
-- signed up; $3 the zone, whose weeks and months count; $4 week or month. Periods have numbers, from 1, up to the one of now.
-- Sessions count from the sign-up's period on, until now, whatever the range.
WITH
/*part retention_cohorts*/,
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
/*part retention_rows*/

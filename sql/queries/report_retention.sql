-- Cohorts: persons by the period of their sign-up, and how many of them came in each period after. $1 from, $2 to: when they
-- signed up; $3 the zone, whose weeks and months count; $4 week or month.
-- Sessions count from the sign-up's period on, until now, whatever the range.
WITH member AS (
  SELECT id AS person_id, date_trunc($4, created_at AT TIME ZONE $3)::date AS cohort
  FROM persons
  WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz AND id > 0
),
size AS (
  SELECT cohort, count(*) AS persons FROM member GROUP BY cohort
),
active AS (
  SELECT DISTINCT member.cohort, s.person_id, date_trunc($4, s.started_at AT TIME ZONE $3)::date AS period
  FROM member
  JOIN session_summaries AS s ON s.person_id = member.person_id
    AND s.started_at >= $1::timestamptz - interval '32 days' AND s.started_at >= member.cohort::timestamp AT TIME ZONE $3
    /*where s*/
),
counted AS (
  SELECT
    cohort,
    CASE $4
      WHEN 'week' THEN (period - cohort) / 7
      ELSE (extract(year FROM age(period, cohort)) * 12 + extract(month FROM age(period, cohort)))::integer END AS number,
    count(*) AS active_persons
  FROM active
  GROUP BY cohort, period
)
SELECT
  false AS is_total,
  cohort,
  persons,
  number AS period,
  coalesce(active_persons, 0) AS active_persons,
  round(100.0 * coalesce(active_persons, 0) / persons, 2) AS retention_percent
FROM size
CROSS JOIN LATERAL generate_series(0, CASE $4
  WHEN 'week' THEN (date_trunc('week', now() AT TIME ZONE $3)::date - cohort) / 7
  ELSE (extract(year FROM age(date_trunc('month', now() AT TIME ZONE $3), cohort)) * 12
    + extract(month FROM age(date_trunc('month', now() AT TIME ZONE $3), cohort)))::integer END) AS number
LEFT JOIN counted USING (cohort, number)
ORDER BY cohort, number

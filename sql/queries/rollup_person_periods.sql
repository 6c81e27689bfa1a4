-- Months and weeks of the signed-up persons who have a day more or less. One who has none any more is gone.
WITH there AS MATERIALIZED (
  SELECT b.person_id, d.months, d.weeks
  FROM (
    SELECT DISTINCT person_id
    FROM
/*part step_days*/
    WHERE person_id > 0 AND (before = 0 OR before + change = 0)
  ) AS b
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT month_number(date) ORDER BY month_number(date)) AS months,
      array_agg(DISTINCT week_number(date) ORDER BY week_number(date)) AS weeks
    FROM person_days d
    WHERE d.person_id = b.person_id OFFSET 0
  ) AS d
), gone AS (
  DELETE FROM person_periods p USING there t WHERE p.person_id = t.person_id AND t.months IS NULL
)
INSERT INTO person_periods AS p (person_id, months, weeks)
SELECT person_id, months, weeks FROM there WHERE months IS NOT NULL ORDER BY person_id
ON CONFLICT (person_id) DO UPDATE SET months = EXCLUDED.months, weeks = EXCLUDED.weeks
WHERE (p.months, p.weeks) IS DISTINCT FROM (EXCLUDED.months, EXCLUDED.weeks)

-- The days that come, and those behind each day that comes, or that has gone by now.
INSERT INTO step_followers (person_id, date, previous_date)
SELECT person_id, date, NULL FROM step_days WHERE before = 0
UNION
SELECT b.person_id, f.date, f.previous_date
FROM step_days b
CROSS JOIN LATERAL (
  SELECT d.date, d.previous_date
  FROM person_days d
  WHERE d.person_id = b.person_id AND d.date > b.date
  ORDER BY d.date LIMIT 1
) AS f
WHERE b.before = 0 OR b.before + b.change = 0

-- Persons' days whose number of sessions changes. How many of them come or go.
WITH change AS (
  SELECT person_id, date, sum(sessions)::integer AS change
  FROM (SELECT person_id, date, 1 AS sessions FROM batch_new UNION ALL SELECT person_id, date, -1 FROM batch_old) AS row_change
  GROUP BY person_id, date
  HAVING sum(sessions) <> 0
), noted AS (
  INSERT INTO batch_days (person_id, date, change, before, previous_date)
  SELECT c.person_id, c.date, c.change, coalesce(d.sessions, 0), d.previous_date
  FROM change c
  LEFT JOIN LATERAL (SELECT * FROM person_days d WHERE d.person_id = c.person_id AND d.date = c.date OFFSET 0) AS d ON true
  RETURNING before, change
)
SELECT count(*) FILTER (WHERE before = 0 OR before + change = 0) FROM noted

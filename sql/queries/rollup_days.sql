-- Persons' days whose number of sessions changes.
INSERT INTO step_days (person_id, date, change, before)
SELECT person_id, date, sum(sessions), 0
FROM (SELECT person_id, date, 1 AS sessions FROM step_new UNION ALL SELECT person_id, date, -1 FROM step_old) AS row_change
GROUP BY person_id, date
HAVING sum(sessions) <> 0

INSERT INTO person_days (person_id, date, previous_date, sessions)
SELECT person_id, date, '-infinity', change
FROM
/*part step_days*/
WHERE before = 0
ORDER BY person_id, date

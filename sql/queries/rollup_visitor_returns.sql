WITH follower AS MATERIALIZED (
  SELECT * FROM unnest($6::bigint[], $7::date[], $8::date[]) AS f (person_id, date, previous_date)
), change AS (
  SELECT date, previous_date, sum(persons) AS persons
  FROM (
    SELECT date, previous_date, -1 AS persons
    FROM
/*part step_days*/
    WHERE before + change = 0
    UNION ALL
    SELECT date, previous_date, -1 FROM follower WHERE previous_date IS NOT NULL
    UNION ALL
    SELECT d.date, d.previous_date, 1
    FROM follower f
    CROSS JOIN LATERAL (SELECT * FROM person_days d WHERE d.person_id = f.person_id AND d.date = f.date OFFSET 0) AS d
  ) AS row_change
  GROUP BY date, previous_date
  HAVING sum(persons) <> 0
)
INSERT INTO visitor_returns AS r (date, previous_date, persons)
SELECT date, previous_date, persons FROM change ORDER BY date, previous_date
ON CONFLICT (date, previous_date) DO UPDATE SET persons = r.persons + EXCLUDED.persons

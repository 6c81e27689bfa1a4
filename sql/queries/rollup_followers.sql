-- Days of persons whose day before may change: those that come, and those behind each day that comes, or that has gone by now. With
-- the day before as it was; null: a day that is new.
SELECT array_agg(person_id), array_agg(date), array_agg(previous_date)
FROM (
  SELECT person_id, date, NULL::date AS previous_date
  FROM
/*part step_days*/
  WHERE before = 0
  UNION
  SELECT b.person_id, f.date, f.previous_date
  FROM
/*part step_days*/
  CROSS JOIN LATERAL (
    SELECT d.date, d.previous_date
    FROM person_days d
    WHERE d.person_id = b.person_id AND d.date > b.date
    ORDER BY d.date LIMIT 1
  ) AS f
  WHERE b.before = 0 OR b.before + b.change = 0
) AS follower

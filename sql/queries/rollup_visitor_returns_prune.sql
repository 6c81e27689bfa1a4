DELETE FROM visitor_returns r
USING (
  SELECT date, previous_date
  FROM
/*part step_days*/
  WHERE before + change = 0
  UNION
  SELECT date, previous_date FROM unnest($6::bigint[], $7::date[], $8::date[]) AS follower (person_id, date, previous_date) WHERE previous_date IS NOT NULL
) AS left_behind
WHERE r.date = left_behind.date AND r.previous_date = left_behind.previous_date AND r.persons = 0

DELETE FROM visitor_returns r
USING (
  SELECT date, previous_date FROM step_days WHERE before + change = 0
  UNION
  SELECT date, previous_date FROM step_followers WHERE previous_date IS NOT NULL
) AS left_behind
WHERE r.date = left_behind.date AND r.previous_date = left_behind.previous_date AND r.persons = 0

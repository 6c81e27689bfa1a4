-- What stands of these days. How many of them come or go.
WITH known AS (
  UPDATE step_days b SET before = d.sessions, previous_date = d.previous_date
  FROM person_days d
  WHERE d.person_id = b.person_id AND d.date = b.date
  RETURNING b.before + b.change = 0 AS is_gone
)
SELECT (SELECT count(*) FROM step_days) - (SELECT count(*) FROM known WHERE NOT is_gone)

-- Days from $1 to $2, the end not included, each with the one before it.
WITH day AS (
  SELECT person_id, (started_at AT TIME ZONE (SELECT timezone FROM rollup_state))::date AS date, count(*)::integer AS sessions
  FROM user_sessions
  GROUP BY 1, 2
),
chained AS (
  SELECT person_id, date, lag(date, 1, '-infinity') OVER (PARTITION BY person_id ORDER BY date) AS previous_date, sessions
  FROM day
),
recount AS (
  SELECT * FROM chained WHERE date >= $1::date AND date < $2::date
),
stored AS (
  SELECT * FROM person_days WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'person_days', concat_ws(' ', date, person_id), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (person_id, date)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

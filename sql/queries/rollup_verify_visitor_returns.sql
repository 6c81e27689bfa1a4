-- Days from $1 to $2, the end not included: of how many persons which day was the one before.
WITH day AS (
  SELECT DISTINCT person_id, (started_at AT TIME ZONE (SELECT timezone FROM rollup_state))::date AS date
  FROM user_sessions
),
chained AS (
  SELECT date, lag(date, 1, '-infinity') OVER (PARTITION BY person_id ORDER BY date) AS previous_date
  FROM day
),
recount AS (
  SELECT date, previous_date, count(*)::integer AS persons
  FROM chained WHERE date >= $1::date AND date < $2::date
  GROUP BY date, previous_date
),
stored AS (
  SELECT * FROM visitor_returns WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'visitor_returns', concat_ws(' ', date, previous_date), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, previous_date)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

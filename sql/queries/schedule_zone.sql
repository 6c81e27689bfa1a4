-- Zone $1 from two days before $2 (ms) to 400 days after it: since when (ms) what is to be added to UTC (ms), in order. Days on
-- which it changes are looked at minute by minute.
WITH days AS (
  SELECT at, (at AT TIME ZONE $1) - (at AT TIME ZONE 'UTC') AS shift
  FROM generate_series(date_trunc('day', ms_ts($2::bigint) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '2 days',
    ms_ts($2::bigint) + interval '400 days', interval '1 day') AS at
), changing AS (
  SELECT at, shift, lead(shift) OVER (ORDER BY at) AS next_shift FROM days
), moments AS (
  SELECT at, shift FROM days
  UNION ALL
  SELECT minute, (minute AT TIME ZONE $1) - (minute AT TIME ZONE 'UTC')
  FROM changing, generate_series(at + interval '1 minute', at + interval '1439 minutes', interval '1 minute') AS minute
  WHERE shift <> next_shift
), parts AS (
  SELECT at, shift, lag(shift) OVER (ORDER BY at) AS shift_before FROM moments
)
SELECT ts_ms(at), (extract(epoch FROM shift) * 1000)::bigint
FROM parts
WHERE shift IS DISTINCT FROM shift_before
ORDER BY at

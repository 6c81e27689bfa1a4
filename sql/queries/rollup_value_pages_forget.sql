-- What is kept of the pages of values on the day that begins at $1 goes, as its sessions changed, and is to be counted when the day,
-- which ends before $2, has been over for an hour; where it had been counted, a quarter of an hour from now, so that hits that
-- trickle in late do not have it counted with each refresh.
WITH bucket AS (
  SELECT timezone, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state WHERE $2::timestamptz > $1::timestamptz
), gone AS (
  DELETE FROM value_pages_daily WHERE date = (SELECT date FROM bucket) RETURNING date
)
INSERT INTO changed_buckets (kind, bucket, due_at)
SELECT 'w', $1::timestamptz, greatest(
  day_begin(date + 1, timezone) + interval '1 hour',
  CASE WHEN EXISTS (SELECT FROM gone) THEN now() + interval '15 minutes' ELSE now() END)
FROM bucket
ON CONFLICT DO NOTHING

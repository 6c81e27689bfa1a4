-- The range before the one from $1 to $2, as long as it: as many days in the zone $3 where it is of whole days, else as much
-- time. The end not included.
WITH asked AS (
  SELECT
    $1::timestamptz AS from_at,
    $2::timestamptz AS to_at,
    ($1::timestamptz AT TIME ZONE $3)::date AS from_date,
    (($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3)::date + 1 AS end_date
),
range AS (
  SELECT
    CASE WHEN from_at = day_begin(from_date, $3) AND to_at = day_begin(end_date, $3)
      THEN day_begin(from_date - (end_date - from_date), $3)
      ELSE from_at - (to_at - from_at) END AS from_at,
    from_at AS to_at
  FROM asked
)
SELECT
  to_char(from_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS from_at,
  to_char(to_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS to_at,
  (from_at AT TIME ZONE $3)::date AS from_date,
  ((to_at - interval '1 microsecond') AT TIME ZONE $3)::date AS to_date,
  rollup_state.timezone = $3 AND from_at = day_begin((from_at AT TIME ZONE $3)::date, $3)
    AND to_at = day_begin((to_at AT TIME ZONE $3)::date, $3) AS is_rolled
FROM range, rollup_state

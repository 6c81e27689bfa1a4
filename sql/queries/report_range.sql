-- From what was asked to the instants of a report, the end not included.
-- $1 to $3: the beginning as a date, as a local time or as an instant; $4 to $6: the end likewise, where a date is meant
-- with its whole day; $7 the zone; $8 a name that stands for both. Without an end it is today, without a beginning the 30 days
-- up to the end.
WITH present AS (
  SELECT (now() AT TIME ZONE $7)::date AS today, date_trunc('month', now() AT TIME ZONE $7)::date AS month_first
),
asked AS (
  SELECT
    coalesce($3::timestamptz, $2::timestamp AT TIME ZONE $7) AS from_at,
    CASE $8::text
      WHEN 'today' THEN today
      WHEN 'yesterday' THEN today - 1
      WHEN 'month' THEN month_first
      WHEN 'last-month' THEN (month_first - interval '1 month')::date
      ELSE coalesce($1::date, today + 1 - rtrim($8, 'd')::integer)
    END AS from_date,
    coalesce($6::timestamptz, $5::timestamp AT TIME ZONE $7) AS to_at,
    CASE $8
      WHEN 'yesterday' THEN today - 1
      WHEN 'last-month' THEN month_first - 1
      ELSE coalesce($4::date, today)
    END AS to_date
  FROM present
),
dated AS (
  SELECT
    from_at,
    coalesce(from_date, coalesce(((to_at - interval '1 microsecond') AT TIME ZONE $7)::date, to_date) - 29) AS from_date,
    to_at,
    to_date
  FROM asked
),
bounds AS (
  SELECT
    coalesce(from_at, day_begin(from_date, $7)) AS from_at,
    coalesce(to_at, day_begin(to_date + 1, $7)) AS to_at
  FROM dated
),
range AS (
  SELECT
    *,
    (from_at AT TIME ZONE $7)::date AS from_date,
    ((to_at - interval '1 microsecond') AT TIME ZONE $7)::date AS to_date
  FROM bounds
)
SELECT
  to_char(from_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS from_at,
  to_char(to_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS to_at,
  from_date,
  to_date,
  rollup_state.timezone = $7 AND from_at = day_begin(from_date, $7) AND to_at = day_begin(to_date + 1, $7) AS is_rolled,
  from_at < to_at AS is_forward,
  to_date - from_date + 1 AS days
FROM range, rollup_state

-- From what was asked to the instants of a report, the end not included.
-- $1 to $3: the beginning as a date, as a local time or as an instant; $4 to $6: the end likewise, where a date is meant
-- with its whole day; $7 the zone. Without an end it is today, without a beginning the 30 days up to the end.
-- A day begins at the first instant with its date: where clocks are turned back to midnight there are two midnights, and
-- the server takes the later one.
WITH asked AS (
  SELECT
    coalesce($3::timestamptz, $2::timestamp AT TIME ZONE $7) AS from_at,
    $1::date AS from_date,
    coalesce($6::timestamptz, $5::timestamp AT TIME ZONE $7) AS to_at,
    coalesce($4::date, (now() AT TIME ZONE $7)::date) AS to_date
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
    coalesce(from_at, from_day.begins_at) AS from_at,
    coalesce(to_at, to_day.ends_at) AS to_at
  FROM dated
  CROSS JOIN LATERAL (
    SELECT min(at) AS begins_at
    FROM generate_series(0, 4) AS step
    CROSS JOIN LATERAL (SELECT (from_date::timestamp AT TIME ZONE $7) - step * interval '30 minutes' AS at) AS candidate
    WHERE (at AT TIME ZONE $7)::date >= from_date
  ) AS from_day
  CROSS JOIN LATERAL (
    SELECT min(at) AS ends_at
    FROM generate_series(0, 4) AS step
    CROSS JOIN LATERAL (SELECT ((to_date + 1)::timestamp AT TIME ZONE $7) - step * interval '30 minutes' AS at) AS candidate
    WHERE (at AT TIME ZONE $7)::date >= to_date + 1
  ) AS to_day
)
SELECT
  to_char(from_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS from_at,
  to_char(to_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS to_at,
  (from_at AT TIME ZONE $7)::date AS from_date,
  ((to_at - interval '1 microsecond') AT TIME ZONE $7)::date AS to_date,
  from_at < to_at AS is_forward,
  ((to_at - interval '1 microsecond') AT TIME ZONE $7)::date - (from_at AT TIME ZONE $7)::date + 1 AS days
FROM bounds

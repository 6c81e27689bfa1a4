-- The days of the zone $3 from $1 to $2, which are the beginning and the end of days there.
range AS (
  SELECT
    ($1::timestamptz AT TIME ZONE $3)::date AS first_date,
    (($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3)::date AS last_date
)

-- $1: a time zone, which the server must know. Whether roll-ups have another, or are just made anew; whether pages are capped
-- otherwise than $2; whether there are none yet; whether conversions are counted by other goals than are saved.
SELECT timezone <> $1::text OR rebuilding_timezone IS NOT NULL, pages_max <> $2::integer,
  NOT EXISTS (SELECT FROM person_days) AND rebuilding_timezone IS NULL, goals <> saved_goals(), now() AT TIME ZONE $1::text IS NULL
FROM rollup_state

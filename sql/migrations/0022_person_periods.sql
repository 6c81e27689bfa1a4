-- In which months and weeks a signed-up person was there, so that cohorts are counted from a row a person, not from all their days.

-- Months and weeks as numbers, each one more than the one before; a week begins on Monday, as date_trunc has it.
CREATE FUNCTION month_number(date date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT extract(year FROM date)::integer * 12 + extract(month FROM date)::integer
$$;
CREATE FUNCTION week_number(date date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (date - '0001-01-01'::date) / 7
$$;

CREATE TABLE person_periods (
  person_id bigint PRIMARY KEY,
  months integer[] NOT NULL,             -- month_number of each with a day of the person's, sorted
  weeks integer[] NOT NULL               -- week_number, likewise
);
INSERT INTO person_periods
SELECT
  person_id,
  array_agg(DISTINCT month_number(date) ORDER BY month_number(date)),
  array_agg(DISTINCT week_number(date) ORDER BY week_number(date))
FROM person_days
WHERE person_id > 0
GROUP BY person_id;

CREATE OR REPLACE FUNCTION rollup_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['session_summaries', 'person_days', 'person_periods', 'visitor_returns', 'overview_hourly', 'overview_daily',
    'session_metrics_daily', 'session_durations_daily', 'page_metrics_hourly', 'page_metrics_daily', 'breakdown_daily',
    'page_transitions_daily', 'user_journey_paths', 'event_metrics_daily']
$$;

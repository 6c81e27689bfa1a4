-- What paths are told from: the ways that several sessions of a day took, by their first five pages, which is how many a report
-- shows where nothing else is asked for.
CREATE TABLE page_paths_daily (
  date date NOT NULL,                    -- of the session
  path integer[] NOT NULL,               -- pages, repeats left out. {}: all that is not kept, which are ways of one session and those behind the first rollup_pages_max
  sessions integer NOT NULL,             -- of {}: how many the most taken one of them has
  ended_sessions integer NOT NULL,       -- of {} no figure from here on
  duration_seconds bigint NOT NULL,      -- sum of the ended sessions
  converted_sessions integer NOT NULL,   -- with a conversion
  persons bigint[] NOT NULL,             -- the distinct visitors, sorted
  PRIMARY KEY (date, path)
);

CREATE OR REPLACE FUNCTION rollup_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['session_summaries', 'person_days', 'person_periods', 'visitor_returns', 'overview_hourly', 'overview_daily',
    'session_metrics_daily', 'session_durations_daily', 'page_metrics_hourly', 'page_metrics_daily', 'breakdown_daily',
    'page_transitions_daily', 'page_paths_daily', 'user_journey_paths', 'event_metrics_daily']
$$;

-- What is stored is yet to be counted; until then the sessions are asked.
INSERT INTO changed_buckets (kind, bucket)
SELECT 's', day_begin(date, timezone) FROM rollup_state, overview_daily
ON CONFLICT DO NOTHING;

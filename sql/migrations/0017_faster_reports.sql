-- What reports had to count from all sessions or all views of a range, kept beside what is counted already.

-- How many of the ended sessions that started on a day had this duration. Each figure that percentiles are read from, so that
-- they are exact over any days.
CREATE TABLE session_durations_daily (
  date date NOT NULL,
  duration_seconds integer NOT NULL,
  sessions integer NOT NULL,
  PRIMARY KEY (date, duration_seconds)
);

-- The distinct persons of the day's views, sorted.
ALTER TABLE overview_daily ADD COLUMN viewers bigint[] NOT NULL DEFAULT '{}';

-- Beside pages, view by view: what is counted of a page with a filter. As long as pages; empty where the session was counted
-- before there were these columns.
ALTER TABLE session_summaries
  ADD COLUMN view_seconds integer[] NOT NULL DEFAULT '{}', -- time on page, null where not known
  ADD COLUMN view_scrolls integer[] NOT NULL DEFAULT '{}'; -- scroll depth in percent, likewise

-- The other persons of sessions that several used, which are few.
CREATE INDEX idx_summaries_shared ON session_summaries (started_at, session_id) WHERE NOT is_first;
-- Who was new on a day.
CREATE INDEX idx_person_days_first ON person_days (date, person_id) WHERE previous_date = '-infinity';

-- What is left of a page's transitions is a row of that page (to 1), where it is the first of a pair that is kept; all else is
-- 1 → 1, as before. (page_transitions_daily)

CREATE OR REPLACE FUNCTION rollup_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['session_summaries', 'person_days', 'visitor_returns', 'overview_hourly', 'overview_daily', 'session_metrics_daily',
    'session_durations_daily', 'page_metrics_hourly', 'page_metrics_daily', 'breakdown_daily', 'page_transitions_daily',
    'user_journey_paths', 'event_metrics_daily']
$$;

-- What is stored is yet to be counted this way; the newest note is taken first.
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(id)
FROM (SELECT id, (row_number() OVER (ORDER BY started_at) - 1) / 1000 AS note FROM user_sessions) AS numbered
GROUP BY note ORDER BY note;
INSERT INTO changed_buckets (kind, bucket)
SELECT 's', day_begin(date, timezone) FROM rollup_state, overview_daily
ON CONFLICT DO NOTHING;

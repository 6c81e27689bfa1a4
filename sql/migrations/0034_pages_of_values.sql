-- What pages with a filter are told from: the most seen pages of the sessions of a day that have one value of a dimension, of values
-- that a tenth of the day's sessions has or more. It takes as long to count as all else of a day, so it is counted once the day is
-- over, behind all else; where the day's sessions are counted anew ('s'), all of it goes before. A day that is not there is asked
-- from its sessions.
CREATE TABLE value_pages_daily (
  date date NOT NULL,                    -- of the views
  dimension text NOT NULL,               -- as in breakdown_daily
  value_id integer NOT NULL,
  page_id integer NOT NULL,              -- 0: all pages, those that are not kept too
  views integer NOT NULL,
  timed_views integer NOT NULL,          -- with a time on page
  time_on_page_seconds bigint NOT NULL,
  scrolled_views integer NOT NULL,
  scroll_depth_percent bigint NOT NULL,
  entries integer NOT NULL,
  exits integer NOT NULL,
  bounces integer NOT NULL,              -- of the entries: with no other view
  persons bigint[] NOT NULL,             -- the distinct ones who saw it, sorted
  views_at_most integer NOT NULL,        -- of page 0: how many views a page that is not kept has at the most; else 0
  PRIMARY KEY (date, dimension, value_id, page_id)
);
ALTER TABLE value_pages_daily ALTER persons SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION rollup_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['session_summaries', 'person_days', 'person_periods', 'visitor_returns', 'overview_hourly', 'overview_daily',
    'session_metrics_daily', 'session_durations_daily', 'page_metrics_hourly', 'page_metrics_daily', 'breakdown_daily',
    'page_transitions_daily', 'page_paths_daily', 'value_pages_daily', 'user_journey_paths', 'event_metrics_daily']
$$;

-- A kind of bucket more, which may wait for its time: before it is due, it is none of those that are yet to be counted.
--   'w' day of values: bucket = the day's beginning; the pages of values, noted when 's' is counted
ALTER TABLE changed_buckets
  ADD COLUMN due_at timestamptz NOT NULL DEFAULT '-infinity',
  DROP CONSTRAINT changed_buckets_kind_check,
  ADD CONSTRAINT changed_buckets_kind_check CHECK (kind IN ('d', 's', 'v', 'o', 'p', 'w'));

CREATE OR REPLACE FUNCTION rollup_waits(from_at timestamptz, to_at timestamptz, OUT sessions bigint, OUT buckets bigint, OUT as_of timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT
    (SELECT count(*) FROM changed_sessions, unnest(session_ids) AS noted (session_id)
     WHERE uuid7_ts(session_id) >= from_at - interval '1 day' AND uuid7_ts(session_id) < to_at + interval '1 day'),
    (SELECT count(*) FROM changed_buckets WHERE bucket > from_at - interval '26 hours' AND bucket < to_at AND due_at <= now()),
    (SELECT refreshed_at FROM rollup_state)
$$;

INSERT INTO changed_buckets (kind, bucket, due_at)
SELECT 'w', day_begin(date, timezone), greatest(now(), day_begin(date + 1, timezone) + interval '1 hour')
FROM rollup_state, overview_daily
ON CONFLICT DO NOTHING;

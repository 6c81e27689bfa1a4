-- What a connection needs that refreshes roll-ups: the sessions of a step, as they were and as they are.
SET plan_cache_mode = force_custom_plan;
SET work_mem = '64MB';
SET synchronous_commit = off; -- notes go with what was made of them, or both come back
CREATE TEMP TABLE IF NOT EXISTS step_changed (started_at timestamptz NOT NULL, session_id uuid NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_views (
  session_id uuid NOT NULL, id uuid NOT NULL, person_id bigint NOT NULL, number integer NOT NULL, hour timestamptz NOT NULL,
  seconds integer, scroll integer, host text NOT NULL, page text NOT NULL, category text NOT NULL, hash bigint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_events (
  session_id uuid NOT NULL, hour timestamptz NOT NULL, is_conversion boolean NOT NULL, value numeric, hash bigint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_sessions (
  started_at timestamptz NOT NULL, session_id uuid NOT NULL, person_id bigint NOT NULL, is_first boolean NOT NULL, is_ended boolean NOT NULL,
  is_authenticated boolean NOT NULL, duration_seconds integer NOT NULL,
  texts text[] NOT NULL -- in the order of session_summaries, device_type to utm_content
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_values (value text NOT NULL, id integer NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_old (LIKE session_summaries) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_new (LIKE session_summaries) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_days (
  person_id bigint NOT NULL, date date NOT NULL, change integer NOT NULL, before integer NOT NULL, previous_date date
) ON COMMIT DELETE ROWS;
-- Days of persons whose day before may change, with what it was; null: a day that is new.
CREATE TEMP TABLE IF NOT EXISTS step_followers (person_id bigint NOT NULL, date date NOT NULL, previous_date date) ON COMMIT DELETE ROWS;

-- What a connection needs that refreshes roll-ups: the sessions of a step, as they were and as they are.
SET plan_cache_mode = force_custom_plan;
SET jit = off; -- kinds of joins that are switched off make every plan look dear
SET work_mem = '64MB';
SET synchronous_commit = off; -- notes go with what was made of them, or both come back
CREATE TEMP TABLE IF NOT EXISTS step_changed (started_at timestamptz NOT NULL, session_id uuid NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_old (LIKE session_summaries) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_new (LIKE session_summaries) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS step_days (
  person_id bigint NOT NULL, date date NOT NULL, change integer NOT NULL, before integer NOT NULL, previous_date date
) ON COMMIT DELETE ROWS;
-- Days of persons whose day before may change, with what it was; null: a day that is new.
CREATE TEMP TABLE IF NOT EXISTS step_followers (person_id bigint NOT NULL, date date NOT NULL, previous_date date) ON COMMIT DELETE ROWS;

-- What a batch is staged in; once a connection. Commits need not wait for the disk: what is lost with PostgreSQL's last moments
-- is still in the buffer, which is trimmed only behind what has been flushed.
SET synchronous_commit = off;
CREATE TEMP TABLE batch_page_views (LIKE page_views) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_user_events (LIKE user_events) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_robots (LIKE robots) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_contexts (LIKE hit_contexts) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_sessions (
  started_at timestamptz, person_id bigint, last_activity_at timestamptz, client_ended_at timestamptz, first_hit_id uuid,
  browser_id bigint, LIKE hit_contexts) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_made_sessions (
  id uuid, started_at timestamptz, person_id bigint, last_activity_at timestamptz, run_started_at timestamptz,
  first_hit_id uuid, browser_id bigint, context_id uuid) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE batch_row_sessions (
  is_view boolean, id uuid, row_at timestamptz, person_id bigint, session_id uuid, page_sequence_number integer)
  ON COMMIT DELETE ROWS;

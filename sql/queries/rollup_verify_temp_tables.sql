-- What a verification works on: the raw rows of some days as the definitions see them, and the pairs of rows that differ.
SET LOCAL jit = off;
SET LOCAL join_collapse_limit = 1;
SET LOCAL work_mem = '64MB';
CREATE TEMP TABLE recount_views (
  id uuid, person_id bigint, session_id uuid, viewed_at timestamptz, hour timestamptz, date date,
  page_host text, page_category text, page_url text,
  page_id integer,                       -- null: no row of the dictionary, so no roll-up can name it
  visible_seconds integer, scroll_percent integer, clicks integer, load_ms integer,
  place bigint,                          -- in its session, from 1
  session_views bigint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE recount_events (
  id uuid, person_id bigint, session_id uuid, happened_at timestamptz, hour timestamptz, date date,
  event_type text, event_category text, event_action text, value numeric, is_conversion boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE recount_sessions ON COMMIT DELETE ROWS AS
  SELECT session_summaries.*, NULL::timestamptz AS hour, NULL AS device_type, NULL AS browser, NULL::integer AS histogram_bucket
  FROM session_summaries WITH NO DATA;
-- A way is the pages of a session one after the other, of its first 1000 views, without a page that repeats the one before.
CREATE TEMP TABLE recount_ways (
  session_id uuid,
  page_ids integer[],
  pages text[]
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE verify_pairs (table_name text, key text, stored jsonb, recounted jsonb) ON COMMIT DELETE ROWS;

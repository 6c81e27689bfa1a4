-- The core: people, sessions, views, events, attribution, consent, robots, and what ingest needs to be exact.
-- Written for a search_path that begins with Sojourn's own schema. Big tables are partitioned by month of their time, which
-- is also the time inside their UUIDv7 id; keys begin with it, so inserts stay at the right edge.

CREATE FUNCTION uuid7_ts(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_timestamp((
    (get_byte(uuid_send(id), 0)::bigint << 40) + (get_byte(uuid_send(id), 1)::bigint << 32) +
    (get_byte(uuid_send(id), 2)::bigint << 24) + (get_byte(uuid_send(id), 3)::bigint << 16) +
    (get_byte(uuid_send(id), 4)::bigint << 8) + get_byte(uuid_send(id), 5)::bigint) / 1000.0::float8)
$$;

CREATE FUNCTION ms_ts(ms bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_timestamp(ms / 1000.0::float8)
$$;
CREATE FUNCTION ts_ms(ts timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM ts) * 1000)::bigint
$$;

-- ── People ──

CREATE TABLE persons (
  id bigint PRIMARY KEY,
  created_at timestamptz NOT NULL,       -- sign-up: createdAt of the latest identify that gave one, else first_seen_at
  first_seen_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  external_id text,                      -- the product's user id where it is not a number
  traits jsonb NOT NULL DEFAULT '{}',
  trait_ids jsonb NOT NULL DEFAULT '{}'  -- key → id of the hit that set it: the latest hit wins, in whatever order they come
);
INSERT INTO persons (id, created_at, first_seen_at) VALUES (0, 'epoch', 'epoch');

-- A browser's sign-ins. Anonymous hits of a browser belong to the last one before them, those before the first to the first.
CREATE TABLE person_aliases (
  anonymous_id bigint NOT NULL,
  identify_id uuid NOT NULL,             -- the hit; its time is the time of signing in
  person_id bigint NOT NULL,
  PRIMARY KEY (anonymous_id, identify_id)
);
CREATE INDEX idx_aliases_person ON person_aliases (person_id);

CREATE FUNCTION alias_person(browser bigint, hit_id uuid) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(
    (SELECT person_id FROM person_aliases WHERE anonymous_id = browser AND identify_id <= hit_id ORDER BY identify_id DESC LIMIT 1),
    (SELECT person_id FROM person_aliases WHERE anonymous_id = browser ORDER BY identify_id LIMIT 1),
    browser)
$$;

CREATE TABLE user_consent (
  person_id bigint PRIMARY KEY,          -- negative: a browser nobody has signed in on
  analytics_consent boolean NOT NULL DEFAULT false,
  analytics_consent_date timestamptz,
  marketing_consent boolean NOT NULL DEFAULT false,
  marketing_consent_date timestamptz,
  consent_version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- ── Sessions, views, events ──

CREATE TABLE user_sessions (
  id uuid NOT NULL,
  started_at timestamptz NOT NULL,       -- = uuid7_ts(id)
  person_id bigint NOT NULL,             -- negative: anonymous
  last_activity_at timestamptz NOT NULL,
  ended_at timestamptz,                  -- = last_activity_at once ended; null: active
  first_hit_id uuid NOT NULL,            -- the hit that the descriptive columns come from
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  browser_id bigint,                     -- the browser, where known
  run_started_at timestamptz,            -- of a later part of a run that was split at 24 h: start of the whole run
  duration_seconds integer GENERATED ALWAYS AS
    (GREATEST(0, EXTRACT(EPOCH FROM (COALESCE(ended_at, last_activity_at) - started_at)))) STORED,
  is_active boolean GENERATED ALWAYS AS (ended_at IS NULL) STORED,
  is_authenticated boolean NOT NULL,
  is_made_by_loader boolean NOT NULL,    -- the hits brought no session of their own
  source text,                           -- name of the write key
  device_type text CHECK (device_type IN ('desktop', 'mobile', 'tablet', 'unknown')),
  browser text,
  browser_version text,
  os text,
  os_version text,
  screen_resolution text,
  timezone text,
  locale text,
  country text,
  region text,
  referrer_domain text,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  ip_hash bytea,                         -- keyed hash made by the collector; the address itself is nowhere
  ip_address_encrypted bytea,            -- opt-in
  user_agent text,
  PRIMARY KEY (started_at, id, person_id)
) PARTITION BY RANGE (started_at);
CREATE INDEX idx_sessions_person_started ON user_sessions (person_id, started_at);
-- started_at and not last_activity_at, so that a session's every hit is a heap-only update
CREATE INDEX idx_sessions_active ON user_sessions (started_at) WHERE ended_at IS NULL;

CREATE TABLE page_views (
  id uuid NOT NULL,
  session_id uuid NOT NULL,
  viewed_at timestamptz NOT NULL,        -- = uuid7_ts(id)
  person_id bigint NOT NULL,
  exited_at timestamptz,                 -- of the last leave; not what time on page is counted by
  created_at timestamptz NOT NULL DEFAULT now(),
  page_sequence_number integer NOT NULL CHECK (page_sequence_number > 0),
  time_on_page_seconds integer CHECK (time_on_page_seconds >= 0), -- visible time
  scroll_depth_percent integer CHECK (scroll_depth_percent BETWEEN 0 AND 100),
  clicks_count integer NOT NULL DEFAULT 0,
  interactions_count integer NOT NULL DEFAULT 0,
  page_load_time_ms integer,
  time_to_interactive_ms integer,
  browser_id bigint,                     -- kept where the row may have to find its way again: sessions made by the loader,
  context_id uuid,                       --   and rows that follow an alias; context_id only for the former
  is_by_alias boolean,                   -- true: the hit named nobody, person_id is what its browser's aliases say
  source text,
  page_host text,
  page_url text NOT NULL,                -- path
  page_title text,
  page_category text,
  referrer text,
  external_referrer text,
  query_params jsonb,
  PRIMARY KEY (viewed_at, id, person_id)
) PARTITION BY RANGE (viewed_at);
CREATE INDEX idx_pageviews_session ON page_views (session_id, page_sequence_number);

CREATE TABLE user_events (
  id uuid NOT NULL,
  session_id uuid NOT NULL,
  created_at timestamptz NOT NULL,       -- = uuid7_ts(id): when it happened
  person_id bigint NOT NULL,
  page_view_id uuid,
  browser_id bigint,
  context_id uuid,
  scroll_position integer,
  is_by_alias boolean,
  event_type text NOT NULL,
  event_category text,
  event_action text,
  event_label text,
  event_value numeric(10, 2),
  element_id text,
  element_class text,
  element_text text,
  element_selector text,
  source text,
  viewport_position jsonb,
  metadata jsonb,
  PRIMARY KEY (created_at, id, person_id)
) PARTITION BY RANGE (created_at);
CREATE INDEX idx_events_session ON user_events (session_id, created_at);

CREATE TABLE session_attribution (
  session_id uuid NOT NULL,
  started_at timestamptz NOT NULL,       -- the session's
  person_id bigint NOT NULL,
  first_hit_at timestamptz NOT NULL,
  first_hit_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  utm_source text,
  utm_medium text,
  utm_campaign text,
  utm_term text,
  utm_content text,
  click_id_type text,
  click_id text,
  referrer_domain text,
  referrer_url text,
  referrer_category text,
  search_term text,
  channel_type text,
  channel_subtype text,
  landing_page_host text,
  landing_page_url text,
  landing_page_category text,
  PRIMARY KEY (started_at, session_id, person_id)
) PARTITION BY RANGE (started_at);

-- Robots stand apart, so that no query can forget to leave them out.
CREATE TABLE robots (
  id uuid NOT NULL,
  seen_at timestamptz NOT NULL,
  robot_kind text NOT NULL,
  hit_type text NOT NULL,
  source text,
  page_host text,
  page_url text,
  user_agent text,
  PRIMARY KEY (seen_at, id)
) PARTITION BY RANGE (seen_at);

-- ── What ingest needs ──

-- How far each stream of the buffer is loaded; changes in the transaction that stores the rows.
CREATE TABLE ingest_ledger (
  stream_id uuid PRIMARY KEY,
  segment bigint NOT NULL,
  byte_offset bigint NOT NULL,
  name text NOT NULL,                    -- the stream's folder
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Hits that ended otherwise than as a row, by reason and day of loading.
CREATE TABLE ingest_counts (
  day date NOT NULL,
  reason text NOT NULL,
  hits bigint NOT NULL,
  PRIMARY KEY (day, reason)
);

CREATE TABLE quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hit_id uuid,
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  reason text NOT NULL,
  sqlstate text,
  user_id bigint,
  anonymous_id bigint,
  payload bytea NOT NULL                 -- the hit as the buffer held it
);

-- Hits that brought no time of their own are known by their message id: a retry gets the time of the first.
CREATE TABLE message_times (
  message_hash uuid PRIMARY KEY,
  first_seen_at timestamptz NOT NULL
);
CREATE INDEX idx_message_times_seen ON message_times (first_seen_at);

-- Leaves whose view has not come yet.
CREATE TABLE waiting_leaves (
  page_view_id uuid NOT NULL,
  left_at timestamptz NOT NULL,
  visible_ms bigint,
  scroll_percent integer,
  clicks integer,
  interactions integer,
  is_session_end boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (page_view_id, left_at)
);

-- Leaves that may still matter to when a session ended: too far behind its last activity for now, or in a session made by
-- the loader, which may be made anew.
CREATE TABLE session_leaves (
  page_view_id uuid NOT NULL,
  left_at timestamptz NOT NULL,
  session_id uuid NOT NULL,
  is_made_by_loader boolean NOT NULL,    -- the session
  PRIMARY KEY (page_view_id, left_at)
);
CREATE INDEX idx_session_leaves_session ON session_leaves (session_id);
CREATE INDEX idx_session_leaves_made ON session_leaves (session_id) WHERE is_made_by_loader;

-- What a hit without a session says of its session, so that sessions made by the loader can be made anew.
CREATE TABLE hit_contexts (
  id uuid PRIMARY KEY,                   -- hash of the columns below
  source text,
  device_type text,
  browser text,
  browser_version text,
  os text,
  os_version text,
  screen_resolution text,
  timezone text,
  locale text,
  country text,
  region text,
  ip_hash bytea,
  ip_address_encrypted bytea,
  user_agent text,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  utm_term text,
  utm_content text,
  click_id_type text,
  click_id text,
  referrer_domain text,
  referrer_url text,
  referrer_category text,
  search_term text,
  channel_type text,
  channel_subtype text,
  landing_page_host text,                -- of an event; a view is its own landing page
  landing_page_url text,
  landing_page_category text
);

-- ── Access ──

CREATE TABLE api_tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'privacy', 'admin')),
  token_sha256 text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- ── Months ──

-- Makes the partitions of every month from one time to another; gives how many it made. Attached rather than created in
-- place, so that writers and readers go on. Two at once wait for each other.
CREATE FUNCTION ensure_months(month_from timestamptz, month_to timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  part text;
  lower_bound timestamp := date_trunc('month', month_from AT TIME ZONE 'UTC');
  upper_bound timestamp;
  made integer := 0;
BEGIN
  WHILE lower_bound <= month_to AT TIME ZONE 'UTC' LOOP
    upper_bound := lower_bound + interval '1 month';
    FOREACH parent IN ARRAY ARRAY['user_sessions', 'page_views', 'user_events', 'session_attribution', 'robots'] LOOP
      part := parent || to_char(lower_bound, '_YYYY_MM');
      CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), part)) IS NOT NULL;
      PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.months', 0));
      CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), part)) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
      IF parent IN ('user_sessions', 'page_views') THEN -- rows that are updated soon after they come
        EXECUTE format('ALTER TABLE %I SET (fillfactor = 90)', part);
      END IF;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
        lower_bound AT TIME ZONE 'UTC', upper_bound AT TIME ZONE 'UTC');
      made := made + 1;
    END LOOP;
    lower_bound := upper_bound;
  END LOOP;
  RETURN made;
END $$;

SELECT ensure_months(now() - interval '1 month', now() + interval '3 months');

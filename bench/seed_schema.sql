-- The other side of P3: the schema that Sojourn's design began with, its keys, foreign keys and indexes as they stand; mended
-- only where it could not be made at all (persons supplied, the campaign index on plain columns instead of an expression that
-- is not immutable, tables not partitioned because their foreign keys forbid it).
CREATE SCHEMA seed;
SET search_path = seed;
CREATE TABLE persons (id bigint PRIMARY KEY, created_at timestamp DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE user_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id bigint NOT NULL,
  session_key varchar(64) UNIQUE NOT NULL,
  started_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ended_at timestamp,
  last_activity_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  duration_seconds integer GENERATED ALWAYS AS (EXTRACT(EPOCH FROM (COALESCE(ended_at, last_activity_at) - started_at))) STORED,
  ip_address inet,
  user_agent text,
  device_type varchar(20) CHECK (device_type IN ('desktop', 'mobile', 'tablet', 'unknown')),
  browser varchar(50),
  browser_version varchar(20),
  os varchar(50),
  os_version varchar(20),
  screen_resolution varchar(20),
  timezone varchar(50),
  is_active boolean DEFAULT true,
  is_authenticated boolean DEFAULT true,
  referrer_domain varchar(255),
  utm_source varchar(100),
  utm_medium varchar(100),
  utm_campaign varchar(100),
  created_at timestamp DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES persons (id) ON DELETE CASCADE,
  CONSTRAINT chk_duration CHECK (duration_seconds >= 0)
);
CREATE INDEX ON user_sessions (person_id, started_at DESC);
CREATE INDEX ON user_sessions (is_active, last_activity_at DESC) WHERE is_active = true;
CREATE INDEX ON user_sessions (DATE(started_at), device_type);
CREATE INDEX ON user_sessions (duration_seconds) WHERE duration_seconds IS NOT NULL;
CREATE INDEX ON user_sessions (utm_source, utm_medium, utm_campaign);
CREATE TABLE page_views (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  person_id bigint NOT NULL,
  page_url varchar(1000) NOT NULL,
  page_title varchar(500),
  page_category varchar(100),
  referrer varchar(1000),
  external_referrer varchar(500),
  query_params jsonb,
  viewed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  exited_at timestamp,
  time_on_page_seconds integer GENERATED ALWAYS AS (EXTRACT(EPOCH FROM (exited_at - viewed_at))) STORED,
  scroll_depth_percent integer CHECK (scroll_depth_percent BETWEEN 0 AND 100),
  clicks_count integer DEFAULT 0,
  interactions_count integer DEFAULT 0,
  page_load_time_ms integer,
  time_to_interactive_ms integer,
  page_sequence_number integer NOT NULL,
  created_at timestamp DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT fk_session FOREIGN KEY (session_id) REFERENCES user_sessions (id) ON DELETE CASCADE,
  CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES persons (id) ON DELETE CASCADE,
  CONSTRAINT chk_time_on_page CHECK (time_on_page_seconds >= 0 OR time_on_page_seconds IS NULL),
  CONSTRAINT chk_sequence CHECK (page_sequence_number > 0)
);
CREATE INDEX ON page_views (session_id, page_sequence_number);
CREATE INDEX ON page_views (person_id, DATE(viewed_at) DESC);
CREATE INDEX ON page_views (page_url, viewed_at DESC);
CREATE INDEX ON page_views (page_category, viewed_at DESC);
CREATE INDEX ON page_views USING gin (query_params);
CREATE INDEX ON page_views (viewed_at DESC, time_on_page_seconds, scroll_depth_percent) WHERE time_on_page_seconds IS NOT NULL;
CREATE TABLE user_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  person_id bigint NOT NULL,
  page_view_id uuid,
  event_type varchar(50) NOT NULL,
  event_category varchar(50),
  event_action varchar(100),
  event_label varchar(255),
  event_value numeric(10, 2),
  element_id varchar(100),
  element_class varchar(255),
  element_text varchar(500),
  element_selector varchar(500),
  viewport_position jsonb,
  scroll_position integer,
  metadata jsonb,
  created_at timestamp DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT fk_session FOREIGN KEY (session_id) REFERENCES user_sessions (id) ON DELETE CASCADE,
  CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES persons (id) ON DELETE CASCADE,
  CONSTRAINT fk_pageview FOREIGN KEY (page_view_id) REFERENCES page_views (id) ON DELETE SET NULL
);
CREATE INDEX ON user_events (session_id, created_at);
CREATE INDEX ON user_events (person_id, DATE(created_at) DESC);
CREATE INDEX ON user_events (event_type, created_at DESC);
CREATE INDEX ON user_events (event_category, event_action, created_at DESC);
CREATE INDEX ON user_events USING gin (metadata);
CREATE INDEX ON user_events USING gin (viewport_position);
CREATE INDEX ON user_events (created_at DESC, event_value) WHERE event_value > 0;
CREATE TABLE session_attribution (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL UNIQUE,
  person_id bigint NOT NULL,
  utm_source varchar(100),
  utm_medium varchar(100),
  utm_campaign varchar(100),
  utm_term varchar(100),
  utm_content varchar(100),
  referrer_domain varchar(255),
  referrer_url varchar(1000),
  referrer_category varchar(50),
  channel_type varchar(50),
  channel_subtype varchar(50),
  landing_page_url varchar(1000),
  landing_page_category varchar(100),
  created_at timestamp DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT fk_session FOREIGN KEY (session_id) REFERENCES user_sessions (id) ON DELETE CASCADE,
  CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES persons (id) ON DELETE CASCADE
);
CREATE INDEX ON session_attribution (utm_source, utm_campaign, created_at DESC);
CREATE INDEX ON session_attribution (channel_type, created_at DESC);
CREATE INDEX ON session_attribution (person_id, created_at DESC);

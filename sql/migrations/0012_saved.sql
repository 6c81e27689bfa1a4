-- What people save under a name: segments {"filter": TEXT}, goals {"page": PATTERN} or {"event": PATTERN}, funnels as reports take
-- them, views of the dashboard {"url": TEXT}.
CREATE TABLE saved (
  kind text NOT NULL CHECK (kind IN ('segment', 'goal', 'funnel', 'view')),
  name text NOT NULL,
  definition jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now(),
  token_id bigint,                       -- by whom; null: the command line
  PRIMARY KEY (kind, name)
);

CREATE OR REPLACE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, saved TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
END $$;

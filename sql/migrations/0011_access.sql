-- Who may ask: tokens that programs show, passwords and links that people sign in with; what comes of a sign-in; what was done.

-- A row is one way in, with one secret. What came of it ends with it.
ALTER TABLE api_tokens
  ALTER COLUMN token_sha256 DROP NOT NULL,
  ADD COLUMN password_hash text,                 -- argon2id with its salt and costs; name is what one signs in as
  ADD COLUMN is_link boolean NOT NULL DEFAULT false, -- good for one sign-in, before it expires
  ADD COLUMN link_used_at timestamptz,
  ADD CONSTRAINT api_tokens_one_secret CHECK (num_nonnulls(token_sha256, password_hash) = 1);
CREATE UNIQUE INDEX api_tokens_password_name ON api_tokens (name) WHERE password_hash IS NOT NULL AND revoked_at IS NULL;

CREATE TABLE sign_ins (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_id bigint NOT NULL REFERENCES api_tokens,
  cookie_sha256 text NOT NULL UNIQUE,
  previous_sha256 text UNIQUE,           -- what the cookie was: good until a minute after the next one was seen
  previous_until timestamptz,
  csrf text NOT NULL,                    -- what a request that changes something must show besides the cookie
  started_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_ins_token ON sign_ins (token_id);

-- Rows are only ever added. No address, no name that was typed in vain.
CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  happened_at timestamptz NOT NULL DEFAULT now(),
  action text NOT NULL,                  -- sign_in, sign_out, token.create, token.revoke
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
  token_id bigint,                       -- who; null: the command line, or nobody known
  subject text                           -- what it was done to
);

-- The rights of the role that reports read with, on whatever tables there are.
CREATE FUNCTION grant_reader(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0)); -- two at once would fail
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('REVOKE ALL ON api_tokens, sign_ins, audit_log FROM %I', role_name);
END $$;

-- Those of the role that looks up who asks and keeps sign-ins.
CREATE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
END $$;

-- What people write at a day of the time axis, and links that show figures to whoever has them.

CREATE TABLE annotations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day date NOT NULL,
  note text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  token_id bigint                        -- by whom
);

-- A share is a way in, too: a token that reads figures and nothing else, until it expires.
ALTER TABLE api_tokens
  DROP CONSTRAINT api_tokens_role_check,
  ADD CONSTRAINT api_tokens_role_check CHECK (role IN ('viewer', 'privacy', 'admin', 'share')),
  ADD COLUMN share_url text,             -- the view of the dashboard that it opens; null: no share
  ADD COLUMN share_filter text,          -- which every report that it asks for must begin with
  ADD CONSTRAINT api_tokens_share CHECK ((role = 'share') = (num_nonnulls(share_url, share_filter, expires_at) = 3
    AND share_url IS NOT NULL AND NOT is_link AND password_hash IS NULL));

-- The role that looks up who asks may make and withdraw shares, and nothing else that opens a way in: so by functions of the
-- owner's, which temporary tables of the caller's must not be able to mislead.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE FUNCTION share_make(share_name text, url text, filter text, days integer, sha256 text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO api_tokens (name, role, token_sha256, expires_at, share_url, share_filter)
  VALUES (share_name, 'share', sha256, now() + days * interval '1 day', url, filter)
  RETURNING id
$$;

-- Gives its id, or null where there is none in force.
CREATE FUNCTION share_withdraw(share bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE api_tokens SET revoked_at = now()
  WHERE id = share AND role = 'share' AND revoked_at IS NULL
  RETURNING id
$$;

REVOKE EXECUTE ON FUNCTION share_make, share_withdraw FROM PUBLIC;

CREATE OR REPLACE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, saved TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON annotations TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
  EXECUTE format('GRANT EXECUTE ON FUNCTION share_make, share_withdraw TO %I', role_name);
END $$;

-- Persons who are forgotten, or made nobody.

-- ── What is asked for ──

-- Open requests, one a person; the worker carries them out, step by step, and may be killed at any of them. Who has been seen to
-- stands in data_deletion_log only.
CREATE TABLE person_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL UNIQUE,
  action text NOT NULL CHECK (action IN ('erase', 'pseudonymous', 'anonymous')),
  requested_at timestamptz NOT NULL DEFAULT now(),
  requested_by text NOT NULL,            -- name of the token, or 'command line'
  step text NOT NULL DEFAULT 'asked' CHECK (step IN ('asked', 'rows', 'contexts', 'figures', 'texts', 'buffer')),
  step_at timestamptz NOT NULL DEFAULT now(), -- since when it is at this step
  pseudonym bigint,                      -- while rows are made nobody's: whose they become
  counts jsonb NOT NULL DEFAULT '{}',    -- table → rows, so far
  streams uuid[],                        -- of the buffer, that may still hold hits; null: not known yet
  error text                             -- why the last try failed; it is tried again
);

-- The proof, and no more than that: whose id, what, when, by whom, how many rows.
CREATE TABLE data_deletion_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL,
  action text NOT NULL,                  -- of person_requests
  requested_at timestamptz NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT now(),
  deleted_by text NOT NULL,
  counts jsonb NOT NULL
);
CREATE INDEX idx_deletion_person ON data_deletion_log (person_id, id);

-- As in 0014: a function that works with its owner's rights is not to be misled by tables of its caller's.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Asks for it; what is asked for already is asked for once. Gives the action that is open now: another one than was asked for
-- has to end first.
CREATE FUNCTION person_ask(person bigint, asked text, who text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO person_requests (person_id, action, requested_by) VALUES (person, asked, who) ON CONFLICT (person_id) DO NOTHING;
  INSERT INTO job_requests (job_name, requested_by) SELECT name, who FROM jobs WHERE name = 'persons' ON CONFLICT DO NOTHING;
  RETURN (SELECT action FROM person_requests WHERE person_id = person);
END $$;

-- ── Who is not to come back ──

CREATE FUNCTION id_hash(id bigint) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT substring(sha256(int8send(id)) FROM 1 FOR 16)
$$;

-- Persons who were erased, and their browsers, so that their hits are known. Hashes, so that nobody stands here.
CREATE TABLE erased_ids (
  id_hash bytea PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  consented_at timestamptz,              -- of the first yes since then: what happens from there on is taken
  is_shared boolean NOT NULL             -- a browser that others signed in on, too: its sign-ins tell whose a hit is
);

-- Whose the sign-ins of somebody erased are, on a browser that others use, too: their hits must not become those of the others.
CREATE FUNCTION erased_person() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT -9223372036854775807 $$;

-- Which of these hits, by place from 1, are of somebody who was erased and has not said yes since. Nulls where a hit names nobody.
CREATE FUNCTION erased_hits(user_ids bigint[], browsers bigint[], hit_ids uuid[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT h.place
  FROM unnest(user_ids, browsers, hit_ids) WITH ORDINALITY AS h (user_id, browser, hit_id, place)
  JOIN erased_ids AS e ON e.id_hash = id_hash(coalesce(h.user_id, h.browser))
  LEFT JOIN LATERAL (
    SELECT person_id FROM person_aliases
    WHERE h.user_id IS NULL AND anonymous_id = h.browser AND identify_id <= h.hit_id
    ORDER BY identify_id DESC LIMIT 1
  ) AS latest ON true
  LEFT JOIN LATERAL (
    SELECT person_id FROM person_aliases
    WHERE h.user_id IS NULL AND e.is_shared AND latest.person_id IS NULL AND anonymous_id = h.browser
    ORDER BY identify_id LIMIT 1
  ) AS first ON true
  WHERE CASE
    WHEN coalesce(latest.person_id, first.person_id) IS NOT NULL THEN coalesce(latest.person_id, first.person_id) = erased_person()
    ELSE e.consented_at IS NULL OR uuid7_ts(h.hit_id) < e.consented_at END
  ORDER BY h.place
$$;

-- ── Contexts that may be nobody's any more ──

-- Noted where a row that named them goes; a loader that stores a context again takes its note away. So a context that was noted,
-- and that no row was found to name since, can go in the loader's turn.
CREATE TABLE loose_contexts (context_id uuid PRIMARY KEY);

-- ── Roles ──

CREATE OR REPLACE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, saved TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON annotations TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
  EXECUTE format('GRANT SELECT ON person_requests, data_deletion_log TO %I', role_name);
  EXECUTE format('GRANT SELECT (id, external_id) ON persons TO %I', role_name);
  EXECUTE format('GRANT EXECUTE ON FUNCTION share_make, share_withdraw, person_ask TO %I', role_name);
END $$;
REVOKE EXECUTE ON FUNCTION person_ask FROM PUBLIC;

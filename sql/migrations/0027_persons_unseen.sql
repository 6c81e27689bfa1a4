-- The role that looks up who asks sees no person and no consent: it asks for the one it was asked about.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The person that the product calls so; null where it calls nobody so.
CREATE FUNCTION person_known(product_id text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT id FROM persons WHERE external_id = product_id
$$;

-- What a person said last, as docs/reference/api.md has it; nulls where they said nothing.
CREATE FUNCTION person_said(person bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT jsonb_build_object(
    'person', asked.id::text,
    'analytics', CASE WHEN c.analytics_consent_date IS NOT NULL THEN c.analytics_consent END,
    'analytics_at', to_char(c.analytics_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'marketing', CASE WHEN c.marketing_consent_date IS NOT NULL THEN c.marketing_consent END,
    'marketing_at', to_char(c.marketing_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'version', c.consent_version,
    'source', c.source)
  FROM (SELECT person AS id) AS asked
  LEFT JOIN user_consent AS c ON c.person_id = asked.id
$$;
REVOKE EXECUTE ON FUNCTION person_known, person_said FROM PUBLIC;

CREATE OR REPLACE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('REVOKE ALL ON persons, user_consent FROM %I', role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, saved TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON annotations TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
  EXECUTE format('GRANT SELECT ON person_requests, data_deletion_log TO %I', role_name);
  EXECUTE format('GRANT EXECUTE ON FUNCTION share_make, share_withdraw, person_known, person_ask, person_said, person_consent TO %I',
    role_name);
END $$;

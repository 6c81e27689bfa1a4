-- Who said so last: the name of the write key that the word came by, of the token that set it, or 'command line'.
ALTER TABLE user_consent ADD COLUMN source text;

-- A person's word, as somebody else sets it now: nulls say nothing. A yes to analytics of somebody who was erased: they are taken from now
-- on.
CREATE FUNCTION person_consent(person bigint, analytics boolean, marketing boolean, who text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO user_consent AS c (person_id, analytics_consent, analytics_consent_date, marketing_consent, marketing_consent_date, source)
  VALUES (person, coalesce(analytics, false), CASE WHEN analytics IS NOT NULL THEN now() END,
    coalesce(marketing, false), CASE WHEN marketing IS NOT NULL THEN now() END, who)
  ON CONFLICT (person_id) DO UPDATE SET
    analytics_consent = CASE WHEN analytics IS NULL THEN c.analytics_consent ELSE EXCLUDED.analytics_consent END,
    analytics_consent_date = GREATEST(c.analytics_consent_date, EXCLUDED.analytics_consent_date),
    marketing_consent = CASE WHEN marketing IS NULL THEN c.marketing_consent ELSE EXCLUDED.marketing_consent END,
    marketing_consent_date = GREATEST(c.marketing_consent_date, EXCLUDED.marketing_consent_date),
    source = EXCLUDED.source, updated_at = now();
  UPDATE erased_ids SET consented_at = LEAST(consented_at, now()) WHERE analytics AND id_hash = id_hash(person);
$$;
REVOKE EXECUTE ON FUNCTION person_consent FROM PUBLIC;

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
ALTER FUNCTION person_consent SET search_path FROM CURRENT;

CREATE OR REPLACE FUNCTION grant_writer(role_name name) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('sojourn.grants', 0));
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  EXECUTE format('GRANT SELECT, UPDATE (last_used_at, link_used_at) ON api_tokens TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, saved TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON annotations TO %I', role_name);
  EXECUTE format('GRANT SELECT, INSERT ON audit_log TO %I', role_name);
  EXECUTE format('GRANT SELECT ON person_requests, data_deletion_log, user_consent TO %I', role_name);
  EXECUTE format('GRANT SELECT (id, external_id) ON persons TO %I', role_name);
  EXECUTE format('GRANT EXECUTE ON FUNCTION share_make, share_withdraw, person_ask, person_consent TO %I', role_name);
END $$;

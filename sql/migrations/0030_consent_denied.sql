-- A no to analytics that is set in somebody's name keeps their hits out, from then until a later yes.
ALTER TABLE user_consent
  ADD COLUMN denied_at timestamptz,   -- of the no that was set
  ADD COLUMN allowed_at timestamptz;  -- of the first yes since then
CREATE INDEX idx_consent_denied ON user_consent (denied_at) WHERE denied_at IS NOT NULL;

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE OR REPLACE FUNCTION person_consent(person bigint, analytics boolean, marketing boolean, who text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO user_consent AS c (person_id, analytics_consent, analytics_consent_date, marketing_consent, marketing_consent_date, source,
    denied_at)
  VALUES (person, coalesce(analytics, false), CASE WHEN analytics IS NOT NULL THEN now() END,
    coalesce(marketing, false), CASE WHEN marketing IS NOT NULL THEN now() END, who, CASE WHEN NOT analytics THEN now() END)
  ON CONFLICT (person_id) DO UPDATE SET
    analytics_consent = CASE WHEN analytics IS NULL THEN c.analytics_consent ELSE EXCLUDED.analytics_consent END,
    analytics_consent_date = GREATEST(c.analytics_consent_date, EXCLUDED.analytics_consent_date),
    marketing_consent = CASE WHEN marketing IS NULL THEN c.marketing_consent ELSE EXCLUDED.marketing_consent END,
    marketing_consent_date = GREATEST(c.marketing_consent_date, EXCLUDED.marketing_consent_date),
    source = EXCLUDED.source, updated_at = now(),
    -- A no while one counts already changes nothing of since when.
    denied_at = CASE WHEN NOT analytics AND (c.denied_at IS NULL OR c.allowed_at IS NOT NULL) THEN now() ELSE c.denied_at END,
    allowed_at = CASE WHEN NOT analytics THEN NULL WHEN analytics AND c.denied_at IS NOT NULL THEN LEAST(c.allowed_at, now()) ELSE c.allowed_at END;
  UPDATE erased_ids SET consented_at = LEAST(consented_at, now()) WHERE analytics AND id_hash = id_hash(person);
$$;

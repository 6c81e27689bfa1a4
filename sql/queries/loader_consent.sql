-- Of each kind of consent the latest word counts, of two at one time the no; nulls say nothing. $6: by whom the latest came.
INSERT INTO user_consent AS c (person_id, analytics_consent, analytics_consent_date, marketing_consent, marketing_consent_date,
  consent_version, source)
VALUES ($1::bigint, coalesce($2::boolean, false), CASE WHEN $2::boolean IS NOT NULL THEN ms_ts($5::bigint) END,
  coalesce($3::boolean, false), CASE WHEN $3::boolean IS NOT NULL THEN ms_ts($5::bigint) END, coalesce($4::integer, 1), $6)
ON CONFLICT (person_id) DO UPDATE SET
  analytics_consent = CASE WHEN EXCLUDED.analytics_consent_date = c.analytics_consent_date
    THEN EXCLUDED.analytics_consent AND c.analytics_consent WHEN EXCLUDED.analytics_consent_date > coalesce(c.analytics_consent_date, '-infinity')
    THEN EXCLUDED.analytics_consent ELSE c.analytics_consent END,
  marketing_consent = CASE WHEN EXCLUDED.marketing_consent_date = c.marketing_consent_date
    THEN EXCLUDED.marketing_consent AND c.marketing_consent WHEN EXCLUDED.marketing_consent_date > coalesce(c.marketing_consent_date, '-infinity')
    THEN EXCLUDED.marketing_consent ELSE c.marketing_consent END,
  analytics_consent_date = GREATEST(c.analytics_consent_date, EXCLUDED.analytics_consent_date),
  marketing_consent_date = GREATEST(c.marketing_consent_date, EXCLUDED.marketing_consent_date),
  consent_version = GREATEST(c.consent_version, EXCLUDED.consent_version),
  source = CASE
    WHEN ms_ts($5::bigint) > GREATEST(c.analytics_consent_date, c.marketing_consent_date) THEN EXCLUDED.source
    WHEN ms_ts($5::bigint) = GREATEST(c.analytics_consent_date, c.marketing_consent_date) THEN LEAST(c.source, EXCLUDED.source)
    ELSE c.source END,
  updated_at = now()

-- What the person $1 said last; nulls where they said nothing.
SELECT jsonb_build_object(
  'person', asked.id::text,
  'analytics', CASE WHEN c.analytics_consent_date IS NOT NULL THEN c.analytics_consent END,
  'analytics_at', to_char(c.analytics_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'marketing', CASE WHEN c.marketing_consent_date IS NOT NULL THEN c.marketing_consent END,
  'marketing_at', to_char(c.marketing_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'version', c.consent_version,
  'source', c.source)
FROM (SELECT $1::bigint AS id) AS asked
LEFT JOIN user_consent AS c ON c.person_id = asked.id

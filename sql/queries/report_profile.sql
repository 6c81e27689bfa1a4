-- What is known of the person $1; no row where that is nothing.
SELECT
  false AS is_total,
  asked.id AS person,
  p.external_id,
  to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
  to_char(s.first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS first_session_at,
  to_char(s.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_activity_at,
  s.sessions,
  s.views,
  s.events,
  s.conversions,
  c.analytics_consent,
  to_char(c.analytics_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS analytics_consent_at,
  c.marketing_consent,
  to_char(c.marketing_consent_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS marketing_consent_at,
  p.traits
FROM (SELECT $1::bigint AS id) AS asked
LEFT JOIN persons AS p USING (id)
LEFT JOIN user_consent AS c ON c.person_id = asked.id
CROSS JOIN LATERAL (
  SELECT
    count(*) AS sessions,
    min(started_at) AS first_at,
    max(started_at + duration_seconds * interval '1 second') AS last_at,
    coalesce(sum(views), 0) AS views,
    coalesce(sum(events), 0) AS events,
    coalesce(sum(conversions), 0) AS conversions
  FROM session_summaries
  WHERE person_id = asked.id
) AS s
WHERE p.id IS NOT NULL OR c.person_id IS NOT NULL OR s.sessions > 0

-- The sessions' own rows, as they are; all began between $1 and $2.
INSERT INTO step_sessions
SELECT s.started_at, s.id, s.person_id, s.person_id = min(s.person_id) OVER (PARTITION BY s.started_at, s.id),
  s.ended_at IS NOT NULL, s.is_authenticated, s.duration_seconds,
  ARRAY[s.device_type, s.browser, s.browser_version, s.os, s.os_version, s.screen_resolution, s.timezone, s.locale, s.country,
    s.region, s.source, a.channel_type, a.channel_subtype, a.referrer_domain, a.utm_source, a.utm_medium, a.utm_campaign,
    a.utm_term, a.utm_content]
FROM step_changed b
CROSS JOIN LATERAL (
  SELECT * FROM user_sessions s
  WHERE s.started_at = b.started_at AND s.id = b.session_id AND s.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
) AS s
LEFT JOIN LATERAL (
  SELECT * FROM session_attribution a
  WHERE a.started_at = b.started_at AND a.session_id = b.session_id AND a.person_id = s.person_id
    AND a.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
) AS a ON true

-- Sessions the loader made of hits without one. $1: a session without activity since then, in ms, has ended.
INSERT INTO user_sessions AS s (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, browser_id,
  run_started_at, is_authenticated, is_made_by_loader,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, referrer_domain, utm_source, utm_medium, utm_campaign, ip_hash, ip_address_encrypted, user_agent)
SELECT m.id, m.started_at, m.person_id, m.last_activity_at,
  CASE WHEN m.last_activity_at < ms_ts($1::bigint) THEN m.last_activity_at END,
  m.first_hit_id, m.browser_id, m.run_started_at, m.person_id > 0, true,
  c.source, c.device_type, c.browser, c.browser_version, c.os, c.os_version, c.screen_resolution, c.timezone,
  c.locale, c.country, c.region, c.referrer_domain, c.utm_source, c.utm_medium, c.utm_campaign, c.ip_hash,
  c.ip_address_encrypted, c.user_agent
FROM batch_made_sessions m LEFT JOIN hit_contexts c ON c.id = m.context_id
ORDER BY m.started_at, m.id, m.person_id
ON CONFLICT (started_at, id, person_id) DO UPDATE SET
  last_activity_at = EXCLUDED.last_activity_at, ended_at = EXCLUDED.ended_at, run_started_at = EXCLUDED.run_started_at,
  updated_at = now()

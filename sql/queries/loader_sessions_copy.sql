-- Clients' sessions $1 get a row for each of the persons $3, as that of person $2 says.
INSERT INTO user_sessions (person_id, is_authenticated,
  id, started_at, last_activity_at, ended_at, first_hit_id, browser_id, run_started_at, is_made_by_loader,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, referrer_domain, utm_source, utm_medium, utm_campaign, ip_hash, ip_address_encrypted, user_agent)
SELECT n.new_person, n.new_person > 0,
  s.id, s.started_at, s.last_activity_at, s.ended_at, s.first_hit_id, s.browser_id, s.run_started_at,
  s.is_made_by_loader, s.source, s.device_type, s.browser, s.browser_version, s.os, s.os_version,
  s.screen_resolution, s.timezone, s.locale, s.country, s.region, s.referrer_domain, s.utm_source,
  s.utm_medium, s.utm_campaign, s.ip_hash, s.ip_address_encrypted, s.user_agent
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS n (id, old_person, new_person)
JOIN user_sessions s ON s.started_at = uuid7_ts(n.id) AND s.id = n.id AND s.person_id = n.old_person
ON CONFLICT DO NOTHING

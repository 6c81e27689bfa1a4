-- Clients' sessions of the batch. $1: a session without activity since then, in ms, has ended.
INSERT INTO user_sessions AS s (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, browser_id,
  is_authenticated, is_made_by_loader,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, referrer_domain, utm_source, utm_medium, utm_campaign, ip_hash, ip_address_encrypted, user_agent)
SELECT id, started_at, person_id, last_activity_at,
  CASE WHEN last_activity_at < ms_ts($1::bigint) OR client_ended_at >= last_activity_at THEN last_activity_at END,
  first_hit_id, browser_id, person_id > 0, false,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, referrer_domain, utm_source, utm_medium, utm_campaign, ip_hash, ip_address_encrypted, user_agent
FROM batch_sessions ORDER BY started_at, id, person_id
ON CONFLICT (started_at, id, person_id) DO UPDATE SET
  last_activity_at = GREATEST(s.last_activity_at, EXCLUDED.last_activity_at),
  ended_at = CASE
    WHEN GREATEST(s.last_activity_at, EXCLUDED.last_activity_at) < ms_ts($1::bigint) THEN GREATEST(s.last_activity_at, EXCLUDED.last_activity_at)
    WHEN s.last_activity_at > EXCLUDED.last_activity_at THEN s.ended_at
    WHEN s.last_activity_at = EXCLUDED.last_activity_at THEN coalesce(s.ended_at, EXCLUDED.ended_at)
    ELSE EXCLUDED.ended_at END,
  first_hit_id = LEAST(s.first_hit_id, EXCLUDED.first_hit_id),
  browser_id = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.browser_id ELSE s.browser_id END,
  source = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.source ELSE s.source END,
  device_type = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.device_type ELSE s.device_type END,
  browser = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.browser ELSE s.browser END,
  browser_version = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.browser_version ELSE s.browser_version END,
  os = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.os ELSE s.os END,
  os_version = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.os_version ELSE s.os_version END,
  screen_resolution = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.screen_resolution ELSE s.screen_resolution END,
  timezone = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.timezone ELSE s.timezone END,
  locale = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.locale ELSE s.locale END,
  country = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.country ELSE s.country END,
  region = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.region ELSE s.region END,
  referrer_domain = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.referrer_domain ELSE s.referrer_domain END,
  utm_source = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.utm_source ELSE s.utm_source END,
  utm_medium = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.utm_medium ELSE s.utm_medium END,
  utm_campaign = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.utm_campaign ELSE s.utm_campaign END,
  ip_hash = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.ip_hash ELSE s.ip_hash END,
  ip_address_encrypted = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.ip_address_encrypted ELSE s.ip_address_encrypted END,
  user_agent = CASE WHEN EXCLUDED.first_hit_id < s.first_hit_id THEN EXCLUDED.user_agent ELSE s.user_agent END,
  updated_at = now()
WHERE EXCLUDED.last_activity_at > s.last_activity_at OR EXCLUDED.first_hit_id < s.first_hit_id
  OR (EXCLUDED.ended_at IS NOT NULL AND s.ended_at IS NULL)

-- A client's session that two people used has a row for each; what is said of the session is the same in all of them.
WITH shared AS (
  SELECT s.started_at, s.id
  FROM (SELECT DISTINCT started_at, id FROM batch_sessions) b JOIN user_sessions s USING (started_at, id)
  GROUP BY s.started_at, s.id HAVING count(*) > 1
), level AS (
  SELECT DISTINCT ON (s.started_at, s.id) s.started_at, s.id, s.first_hit_id, s.browser_id,
    max(s.last_activity_at) OVER w AS last_activity_at,
    CASE WHEN bool_or(s.ended_at IS NOT NULL AND s.ended_at = s.last_activity_at) OVER w
      AND max(s.ended_at) OVER w = max(s.last_activity_at) OVER w THEN max(s.ended_at) OVER w END AS ended_at,
    s.source, s.device_type, s.browser, s.browser_version, s.os, s.os_version, s.screen_resolution, s.timezone,
    s.locale, s.country, s.region, s.referrer_domain, s.utm_source, s.utm_medium, s.utm_campaign, s.ip_hash,
    s.ip_address_encrypted, s.user_agent
  FROM user_sessions s JOIN shared USING (started_at, id)
  WINDOW w AS (PARTITION BY s.started_at, s.id)
  ORDER BY s.started_at, s.id, s.first_hit_id
)
UPDATE user_sessions s SET
  first_hit_id = l.first_hit_id, browser_id = l.browser_id, last_activity_at = l.last_activity_at, ended_at = l.ended_at,
  source = l.source,
  device_type = l.device_type,
  browser = l.browser,
  browser_version = l.browser_version,
  os = l.os,
  os_version = l.os_version,
  screen_resolution = l.screen_resolution,
  timezone = l.timezone,
  locale = l.locale,
  country = l.country,
  region = l.region,
  referrer_domain = l.referrer_domain,
  utm_source = l.utm_source,
  utm_medium = l.utm_medium,
  utm_campaign = l.utm_campaign,
  ip_hash = l.ip_hash,
  ip_address_encrypted = l.ip_address_encrypted,
  user_agent = l.user_agent,
  updated_at = now()
FROM level l
WHERE s.started_at = l.started_at AND s.id = l.id
  AND (s.first_hit_id, s.last_activity_at, s.ended_at) IS DISTINCT FROM (l.first_hit_id, l.last_activity_at, l.ended_at)

WITH kept AS (
  DELETE FROM loose_contexts AS l USING batch_contexts AS b WHERE l.context_id = b.id
)
INSERT INTO hit_contexts (id,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, ip_hash, ip_address_encrypted, user_agent, utm_source, utm_medium, utm_campaign, utm_term,
  utm_content, click_id_type, click_id, referrer_domain, referrer_url, referrer_category, search_term,
  channel_type, channel_subtype, landing_page_host, landing_page_url, landing_page_category)
SELECT id,
  source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, ip_hash, ip_address_encrypted, user_agent, utm_source, utm_medium, utm_campaign, utm_term,
  utm_content, click_id_type, click_id, referrer_domain, referrer_url, referrer_category, search_term,
  channel_type, channel_subtype, landing_page_host, landing_page_url, landing_page_category
FROM batch_contexts ORDER BY id
ON CONFLICT DO NOTHING

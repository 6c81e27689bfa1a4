COPY user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, browser_id, is_authenticated,
  is_made_by_loader, source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale, country,
  region, referrer_domain, utm_source, utm_medium, utm_campaign, ip_hash, ip_address_encrypted, user_agent
) FROM STDIN WITH (FORMAT binary)

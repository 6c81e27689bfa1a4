-- The landing page is the first hit's own page; a view knows it itself, an event by its context.
INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, click_id, referrer_domain,
  referrer_url, referrer_category, search_term, channel_type, channel_subtype,
  landing_page_host, landing_page_url, landing_page_category)
SELECT m.id, m.started_at, m.person_id, m.started_at, m.first_hit_id,
  c.utm_source, c.utm_medium, c.utm_campaign, c.utm_term, c.utm_content, c.click_id_type, c.click_id,
  c.referrer_domain, c.referrer_url, c.referrer_category, c.search_term, c.channel_type, c.channel_subtype,
  coalesce(v.page_host, c.landing_page_host), coalesce(v.page_url, c.landing_page_url),
  coalesce(v.page_category, c.landing_page_category)
FROM batch_made_sessions m
LEFT JOIN hit_contexts c ON c.id = m.context_id
LEFT JOIN page_views v ON v.viewed_at = uuid7_ts(m.first_hit_id) AND v.id = m.first_hit_id AND v.person_id = m.person_id
  AND v.session_id = m.id -- an event of another session may have the same id
ORDER BY m.started_at, m.id, m.person_id
ON CONFLICT DO NOTHING

-- One row a session, from its earliest hit.
INSERT INTO session_attribution AS a (session_id, started_at, person_id, first_hit_at, first_hit_id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, click_id, referrer_domain,
  referrer_url, referrer_category, search_term, channel_type, channel_subtype, landing_page_host,
  landing_page_url, landing_page_category)
SELECT id, started_at, person_id, uuid7_ts(first_hit_id), first_hit_id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, click_id, referrer_domain,
  referrer_url, referrer_category, search_term, channel_type, channel_subtype, landing_page_host,
  landing_page_url, landing_page_category
FROM batch_sessions ORDER BY started_at, id, person_id
ON CONFLICT (started_at, session_id, person_id) DO UPDATE SET
  first_hit_at = EXCLUDED.first_hit_at,
  first_hit_id = EXCLUDED.first_hit_id,
  utm_source = EXCLUDED.utm_source,
  utm_medium = EXCLUDED.utm_medium,
  utm_campaign = EXCLUDED.utm_campaign,
  utm_term = EXCLUDED.utm_term,
  utm_content = EXCLUDED.utm_content,
  click_id_type = EXCLUDED.click_id_type,
  click_id = EXCLUDED.click_id,
  referrer_domain = EXCLUDED.referrer_domain,
  referrer_url = EXCLUDED.referrer_url,
  referrer_category = EXCLUDED.referrer_category,
  search_term = EXCLUDED.search_term,
  channel_type = EXCLUDED.channel_type,
  channel_subtype = EXCLUDED.channel_subtype,
  landing_page_host = EXCLUDED.landing_page_host,
  landing_page_url = EXCLUDED.landing_page_url,
  landing_page_category = EXCLUDED.landing_page_category
WHERE EXCLUDED.first_hit_id < a.first_hit_id

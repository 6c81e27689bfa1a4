WITH shared AS (
  SELECT a.started_at, a.session_id
  FROM (SELECT DISTINCT started_at, id FROM batch_sessions) b
  JOIN session_attribution a ON a.started_at = b.started_at AND a.session_id = b.id
  GROUP BY a.started_at, a.session_id HAVING count(*) > 1
), level AS (
  SELECT DISTINCT ON (a.started_at, a.session_id) a.started_at, a.session_id, a.first_hit_at, a.first_hit_id,
    a.utm_source, a.utm_medium, a.utm_campaign, a.utm_term, a.utm_content, a.click_id_type, a.click_id,
    a.referrer_domain, a.referrer_url, a.referrer_category, a.search_term, a.channel_type, a.channel_subtype,
    a.landing_page_host, a.landing_page_url, a.landing_page_category
  FROM session_attribution a JOIN shared USING (started_at, session_id)
  ORDER BY a.started_at, a.session_id, a.first_hit_id
)
UPDATE session_attribution a SET
  first_hit_at = l.first_hit_at, first_hit_id = l.first_hit_id,
  utm_source = l.utm_source,
  utm_medium = l.utm_medium,
  utm_campaign = l.utm_campaign,
  utm_term = l.utm_term,
  utm_content = l.utm_content,
  click_id_type = l.click_id_type,
  click_id = l.click_id,
  referrer_domain = l.referrer_domain,
  referrer_url = l.referrer_url,
  referrer_category = l.referrer_category,
  search_term = l.search_term,
  channel_type = l.channel_type,
  channel_subtype = l.channel_subtype,
  landing_page_host = l.landing_page_host,
  landing_page_url = l.landing_page_url,
  landing_page_category = l.landing_page_category
FROM level l
WHERE a.started_at = l.started_at AND a.session_id = l.session_id AND a.first_hit_id <> l.first_hit_id

INSERT INTO session_attribution (person_id,
  session_id, started_at, first_hit_at, first_hit_id, utm_source, utm_medium, utm_campaign, utm_term,
  utm_content, click_id_type, click_id, referrer_domain, referrer_url, referrer_category, search_term,
  channel_type, channel_subtype, landing_page_host, landing_page_url, landing_page_category)
SELECT n.new_person,
  a.session_id, a.started_at, a.first_hit_at, a.first_hit_id, a.utm_source, a.utm_medium, a.utm_campaign,
  a.utm_term, a.utm_content, a.click_id_type, a.click_id, a.referrer_domain, a.referrer_url,
  a.referrer_category, a.search_term, a.channel_type, a.channel_subtype, a.landing_page_host,
  a.landing_page_url, a.landing_page_category
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS n (id, old_person, new_person)
JOIN session_attribution a ON a.started_at = uuid7_ts(n.id) AND a.session_id = n.id AND a.person_id = n.old_person
ON CONFLICT DO NOTHING

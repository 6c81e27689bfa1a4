COPY session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, click_id, referrer_domain,
  referrer_url, referrer_category, search_term, channel_type, channel_subtype, landing_page_host,
  landing_page_url, landing_page_category
) FROM STDIN WITH (FORMAT binary)

-- The values that session_summaries s has, in the order of dimension_names.
ARRAY[
    s.device_type_id, s.browser_id, s.browser_version_id, s.os_id, s.os_version_id, s.screen_id, s.timezone_id, s.locale_id,
    s.country_id, s.region_id, s.source_id, s.channel_type_id, s.channel_id, s.referrer_domain_id, s.utm_source_id,
    s.utm_medium_id, s.utm_campaign_id, s.utm_term_id, s.utm_content_id, s.entry_host_id, s.entry_page_id, s.exit_page_id,
    s.entry_category_id]

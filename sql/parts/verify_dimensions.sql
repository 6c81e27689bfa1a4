-- Of a row of recount_sessions, what describes it.
    ('device_type', device_type_id), ('browser', browser_id), ('browser_version', browser_version_id),
    ('os', os_id), ('os_version', os_version_id), ('screen', screen_id),
    ('timezone', timezone_id), ('locale', locale_id), ('country', country_id),
    ('region', region_id), ('source', source_id), ('channel_type', channel_type_id),
    ('channel', channel_id), ('referrer_domain', referrer_domain_id), ('utm_source', utm_source_id),
    ('utm_medium', utm_medium_id), ('utm_campaign', utm_campaign_id), ('utm_term', utm_term_id),
    ('utm_content', utm_content_id), ('entry_host', entry_host_id), ('entry_page', entry_page_id),
    ('exit_page', exit_page_id), ('entry_category', entry_category_id)

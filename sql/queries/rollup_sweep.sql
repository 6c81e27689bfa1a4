-- Texts that no session and no figure names any more.
WITH used AS (
  SELECT id
  FROM session_summaries
  CROSS JOIN LATERAL unnest(pages || path || ARRAY[
    device_type_id, browser_id, browser_version_id, os_id, os_version_id, screen_id, timezone_id,
    locale_id, country_id, region_id, source_id, channel_type_id, channel_id, referrer_domain_id,
    utm_source_id, utm_medium_id, utm_campaign_id, utm_term_id, utm_content_id, entry_host_id, entry_page_id,
    exit_page_id, entry_category_id]) AS id
  UNION SELECT value_id FROM breakdown_daily
  UNION SELECT from_page_id FROM page_transitions_daily
  UNION SELECT to_page_id FROM page_transitions_daily
  UNION SELECT unnest(path) FROM page_paths_daily
  UNION SELECT value_id FROM value_pages_daily
  UNION SELECT page_id FROM value_pages_daily
)
DELETE FROM dimension_values d WHERE id > 1 AND NOT EXISTS (SELECT FROM used u WHERE u.id = d.id)

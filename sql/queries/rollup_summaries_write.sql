INSERT INTO session_summaries AS s
SELECT n.* FROM step_new n LEFT JOIN step_old o USING (started_at, session_id, person_id)
WHERE n IS DISTINCT FROM o
ORDER BY n.started_at, n.session_id, n.person_id
ON CONFLICT (started_at, session_id, person_id) DO UPDATE SET (
    started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds, views,
    timed_views, visible_seconds, events, conversions, device_type_id, browser_id, browser_version_id, os_id,
    os_version_id, screen_id, timezone_id, locale_id, country_id, region_id, source_id, channel_type_id, channel_id,
    referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id, utm_term_id, utm_content_id, entry_host_id,
    entry_page_id, exit_page_id, entry_category_id, entry_view_id, exit_view_id, pages, marks, path, conversion_value,
    view_seconds, view_scrolls
  ) = ROW(EXCLUDED.*)

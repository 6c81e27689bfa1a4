-- The sessions of the days from $1 to $2, the end not included, and of two days on either side, a row for
-- each of their persons, each with the figures of the whole session.
INSERT INTO recount_sessions (started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds,
  views, timed_views, visible_seconds, events, conversions,
  device_type_id, browser_id, browser_version_id, os_id, os_version_id, screen_id, timezone_id, locale_id, country_id,
  region_id, source_id, channel_type_id, channel_id, referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id,
  utm_term_id, utm_content_id, entry_host_id, entry_page_id, exit_page_id, entry_category_id,
  entry_view_id, exit_view_id, pages, marks, path, conversion_value, view_seconds, view_scrolls,
  hour, device_type, browser, histogram_bucket)
SELECT s.started_at, s.id, s.person_id, local::date,
  NOT EXISTS (SELECT FROM user_sessions AS other
    WHERE other.started_at = s.started_at AND other.id = s.id AND other.person_id < s.person_id),
  s.ended_at IS NOT NULL, s.is_authenticated, s.duration_seconds,
  coalesce(view.views, 0), coalesce(view.timed, 0), coalesce(view.seconds, 0),
  coalesce(event.events, 0), coalesce(event.conversions, 0),
  device_type.id, browser.id, browser_version.id, os.id, os_version.id, screen.id, timezone.id, locale.id, country.id,
  region.id, source.id, channel_type.id, channel.id, referrer_domain.id, utm_source.id, utm_medium.id, utm_campaign.id,
  utm_term.id, utm_content.id, entry_host.id,
  CASE WHEN entry.id IS NULL THEN 0 ELSE entry.page_id END, CASE WHEN exit.id IS NULL THEN 0 ELSE exit.page_id END,
  entry_category.id,
  entry.id, exit.id, coalesce(view.pages, '{}'), coalesce(hours.marks, '{}'),
  nullif(way.page_ids[1:10], view.pages), event.conversion_value,
  coalesce(view.view_seconds, '{}'), coalesce(view.view_scrolls, '{}'),
  s.started_at - (local - date_trunc('hour', local)), coalesce(s.device_type, 'unknown'), coalesce(s.browser, 'unknown'),
  width_bucket(s.duration_seconds, (SELECT array_agg(power(2, eighth / 8.0::double precision) ORDER BY eighth)
    FROM generate_series(0, 248) AS eighth))
FROM user_sessions AS s
CROSS JOIN LATERAL (SELECT s.started_at AT TIME ZONE timezone AS local FROM rollup_state) AS clock
LEFT JOIN session_attribution AS a ON a.started_at = s.started_at AND a.session_id = s.id AND a.person_id = s.person_id
LEFT JOIN (
  SELECT session_id, count(*) AS views, count(visible_seconds) AS timed, sum(visible_seconds) AS seconds,
    array_agg(page_id ORDER BY place) FILTER (WHERE place <= 1000) AS pages,
    array_agg(visible_seconds ORDER BY place) FILTER (WHERE place <= 1000) AS view_seconds,
    array_agg(scroll_percent ORDER BY place) FILTER (WHERE place <= 1000) AS view_scrolls
  FROM recount_views GROUP BY session_id
) AS view ON view.session_id = s.id
LEFT JOIN recount_ways AS way ON way.session_id = s.id
LEFT JOIN recount_views AS entry ON entry.session_id = s.id AND entry.place = 1
LEFT JOIN recount_views AS exit ON exit.session_id = s.id AND exit.place = exit.session_views
LEFT JOIN (
  SELECT session_id, count(*) AS events, count(*) FILTER (WHERE is_conversion) AS conversions,
    sum(value) FILTER (WHERE is_conversion) AS conversion_value
  FROM recount_events GROUP BY session_id
) AS event ON event.session_id = s.id
-- Of the marks only the hours can be counted: what is between them is the refresh's own.
LEFT JOIN (
  SELECT session_id, array_agg(extract(epoch FROM hour)::bigint ORDER BY hour) AS marks
  FROM (SELECT session_id, hour FROM recount_views UNION SELECT session_id, hour FROM recount_events) AS hour
  GROUP BY session_id
) AS hours ON hours.session_id = s.id
LEFT JOIN dimension_values AS device_type ON device_type.value = coalesce(s.device_type, '')
LEFT JOIN dimension_values AS browser ON browser.value = coalesce(s.browser, '')
LEFT JOIN dimension_values AS browser_version ON browser_version.value = coalesce(s.browser_version, '')
LEFT JOIN dimension_values AS os ON os.value = coalesce(s.os, '')
LEFT JOIN dimension_values AS os_version ON os_version.value = coalesce(s.os_version, '')
LEFT JOIN dimension_values AS screen ON screen.value = coalesce(s.screen_resolution, '')
LEFT JOIN dimension_values AS timezone ON timezone.value = coalesce(s.timezone, '')
LEFT JOIN dimension_values AS locale ON locale.value = coalesce(s.locale, '')
LEFT JOIN dimension_values AS country ON country.value = coalesce(s.country, '')
LEFT JOIN dimension_values AS region ON region.value = coalesce(s.region, '')
LEFT JOIN dimension_values AS source ON source.value = coalesce(s.source, '')
LEFT JOIN dimension_values AS channel_type ON channel_type.value = coalesce(a.channel_type, '')
LEFT JOIN dimension_values AS channel ON channel.value = coalesce(a.channel_subtype, '')
LEFT JOIN dimension_values AS referrer_domain ON referrer_domain.value = coalesce(a.referrer_domain, '')
LEFT JOIN dimension_values AS utm_source ON utm_source.value = coalesce(a.utm_source, '')
LEFT JOIN dimension_values AS utm_medium ON utm_medium.value = coalesce(a.utm_medium, '')
LEFT JOIN dimension_values AS utm_campaign ON utm_campaign.value = coalesce(a.utm_campaign, '')
LEFT JOIN dimension_values AS utm_term ON utm_term.value = coalesce(a.utm_term, '')
LEFT JOIN dimension_values AS utm_content ON utm_content.value = coalesce(a.utm_content, '')
LEFT JOIN dimension_values AS entry_host ON entry_host.value = coalesce(entry.page_host, '')
LEFT JOIN dimension_values AS entry_category ON entry_category.value = coalesce(entry.page_category, '')
WHERE s.started_at >= $1::date - interval '2 days' AND s.started_at < $2::date + interval '2 days'

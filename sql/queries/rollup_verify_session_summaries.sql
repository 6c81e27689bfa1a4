-- Days from $1 to $2, the end not included.
WITH stored AS (
  SELECT started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds,
    views, timed_views, visible_seconds, events, conversions,
    device_type_id, browser_id, browser_version_id, os_id, os_version_id, screen_id, timezone_id, locale_id, country_id,
    region_id, source_id, channel_type_id, channel_id, referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id,
    utm_term_id, utm_content_id, entry_host_id, entry_page_id, exit_page_id, entry_category_id,
    entry_view_id, exit_view_id, pages, path, conversion_value, view_seconds, view_scrolls,
    ARRAY(SELECT mark FROM unnest(marks) WITH ORDINALITY AS m (mark, at) WHERE at % 2 = 1 ORDER BY mark) AS marks
  FROM session_summaries
  WHERE started_at >= $1::date - interval '2 days' AND started_at < $2::date + interval '2 days'
    AND (started_at AT TIME ZONE (SELECT timezone FROM rollup_state))::date >= $1::date
    AND (started_at AT TIME ZONE (SELECT timezone FROM rollup_state))::date < $2::date
),
recount AS (
  SELECT started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds,
    views, timed_views, visible_seconds, events, conversions,
    device_type_id, browser_id, browser_version_id, os_id, os_version_id, screen_id, timezone_id, locale_id, country_id,
    region_id, source_id, channel_type_id, channel_id, referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id,
    utm_term_id, utm_content_id, entry_host_id, entry_page_id, exit_page_id, entry_category_id,
    entry_view_id, exit_view_id, pages, path, conversion_value, view_seconds, view_scrolls, marks
  FROM recount_sessions WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'session_summaries', concat_ws(' ', started_at, session_id, person_id), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (started_at, session_id, person_id)
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

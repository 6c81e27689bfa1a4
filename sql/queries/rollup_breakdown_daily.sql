-- The sessions of the day that begins at $1, by what describes them: a row for each person and value first.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), person AS (
  SELECT d.dimension, d.value_id, s.person_id,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_first AND is_ended) AS ended_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_first AND is_ended AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    sum(views) FILTER (WHERE is_first AND is_ended) AS ended_views,
    sum(views) FILTER (WHERE is_first) AS views,
    sum(events) FILTER (WHERE is_first) AS events,
    sum(conversions) FILTER (WHERE is_first) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions,
    sum(conversion_value) FILTER (WHERE is_first) AS conversion_value,
    sum(duration_seconds) FILTER (WHERE is_first AND is_ended) AS duration_seconds
  FROM bucket, session_summaries s
  CROSS JOIN LATERAL (VALUES
    ('device_type', s.device_type_id), ('browser', s.browser_id), ('browser_version', s.browser_version_id), ('os', s.os_id),
    ('os_version', s.os_version_id), ('screen', s.screen_id), ('timezone', s.timezone_id), ('locale', s.locale_id),
    ('country', s.country_id), ('region', s.region_id), ('source', s.source_id), ('channel_type', s.channel_type_id),
    ('channel', s.channel_id), ('referrer_domain', s.referrer_domain_id), ('utm_source', s.utm_source_id), ('utm_medium', s.utm_medium_id),
    ('utm_campaign', s.utm_campaign_id), ('utm_term', s.utm_term_id), ('utm_content', s.utm_content_id), ('entry_host', s.entry_host_id),
    ('entry_page', s.entry_page_id), ('exit_page', s.exit_page_id), ('entry_category', s.entry_category_id)) AS d (dimension, value_id)
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $1::timestamptz + interval '26 hours' AND s.date = bucket.date
  GROUP BY d.dimension, d.value_id, s.person_id
), ranked AS (
  SELECT dimension, value_id,
    row_number() OVER (PARTITION BY dimension ORDER BY sum(sessions) DESC, value COLLATE "C") AS rank
  FROM person
  JOIN dimension_values ON id = value_id
  GROUP BY dimension, value_id, value
), named AS (
  SELECT p.*, CASE WHEN rank <= pages_max THEN p.value_id ELSE 1 END AS named_id
  FROM bucket, person p
  JOIN ranked USING (dimension, value_id)
), fresh (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds
) AS (
  SELECT dimension, date, named_id, count(DISTINCT person_id), sum(sessions), sum(ended_sessions), sum(bounce_sessions),
    sum(engaged_sessions), sum(active_engaged_sessions), coalesce(sum(ended_views), 0), coalesce(sum(views), 0),
    coalesce(sum(events), 0), coalesce(sum(conversions), 0), sum(converted_sessions), coalesce(sum(conversion_value), 0),
    coalesce(sum(duration_seconds), 0)
  FROM bucket, named
  GROUP BY dimension, date, named_id
), gone AS (
  DELETE FROM breakdown_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.dimension = t.dimension AND f.date = t.date AND f.value_id = t.value_id)
)
INSERT INTO breakdown_daily AS t
SELECT * FROM fresh
ON CONFLICT (dimension, date, value_id) DO UPDATE SET (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

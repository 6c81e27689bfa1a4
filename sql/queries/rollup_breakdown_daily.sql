-- The sessions of the day that begins at $1, by what describes them.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date, ARRAY[
    'device_type', 'browser', 'browser_version', 'os', 'os_version', 'screen', 'timezone', 'locale', 'country', 'region',
    'source', 'channel_type', 'channel', 'referrer_domain', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term',
    'utm_content', 'entry_host', 'entry_page', 'exit_page', 'entry_category'] AS dimensions
  FROM rollup_state
), described AS ( -- dimensions by their number
  SELECT s.person_id, s.is_first, s.is_first AND s.is_ended AS is_counted, s.duration_seconds, s.views, s.events, s.conversions,
    s.conversion_value, generate_series(1, cardinality(dimensions)) AS number, unnest(ARRAY[
    s.device_type_id, s.browser_id, s.browser_version_id, s.os_id, s.os_version_id, s.screen_id, s.timezone_id, s.locale_id,
    s.country_id, s.region_id, s.source_id, s.channel_type_id, s.channel_id, s.referrer_domain_id, s.utm_source_id,
    s.utm_medium_id, s.utm_campaign_id, s.utm_term_id, s.utm_content_id, s.entry_host_id, s.entry_page_id, s.exit_page_id,
    s.entry_category_id]) AS value_id
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date
), figures AS (
  SELECT number, value_id,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_counted) AS ended_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_counted AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    coalesce(sum(views) FILTER (WHERE is_counted), 0) AS ended_views,
    coalesce(sum(views) FILTER (WHERE is_first), 0) AS views,
    coalesce(sum(events) FILTER (WHERE is_first), 0) AS events,
    coalesce(sum(conversions) FILTER (WHERE is_first), 0) AS conversions,
    count(*) FILTER (WHERE is_first AND conversions > 0) AS converted_sessions,
    coalesce(sum(conversion_value) FILTER (WHERE is_first), 0) AS conversion_value,
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted), 0) AS duration_seconds
  FROM described
  GROUP BY number, value_id
), ranked AS ( -- texts one by one: the dictionary is that of all history
  SELECT figures.*, value_id <> 1
    AND row_number() OVER (PARTITION BY number ORDER BY sessions DESC, value COLLATE "C") <= (SELECT pages_max FROM bucket) AS is_kept
  FROM figures
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = value_id OFFSET 0) AS d
), rest AS (
  SELECT number, count(DISTINCT person_id) AS visitors
  FROM described
  JOIN ranked USING (number, value_id)
  WHERE NOT is_kept
  GROUP BY number
), fresh (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds
) AS (
  SELECT dimensions[number], date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value, duration_seconds
  FROM bucket, ranked
  WHERE is_kept
  UNION ALL
  SELECT dimensions[number], date, 1, min(rest.visitors), sum(sessions), sum(ended_sessions), sum(bounce_sessions), sum(engaged_sessions),
    sum(active_engaged_sessions), sum(ended_views), sum(views), sum(events), sum(conversions), sum(converted_sessions),
    sum(conversion_value), sum(duration_seconds)
  FROM bucket, ranked
  JOIN rest USING (number)
  WHERE NOT is_kept
  GROUP BY dimensions, number, date
), gone AS (
  DELETE FROM breakdown_daily t
  WHERE t.dimension = ANY ((SELECT dimensions FROM bucket)::text[]) AND t.date = (SELECT date FROM bucket)
    AND NOT EXISTS (SELECT FROM fresh f WHERE f.dimension = t.dimension AND f.date = t.date AND f.value_id = t.value_id)
)
INSERT INTO breakdown_daily AS t
SELECT * FROM fresh
ON CONFLICT (dimension, date, value_id) DO UPDATE SET (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

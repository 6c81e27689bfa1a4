-- The sessions of the day that begins at $1, by what describes them.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date, ARRAY[
    'device_type', 'browser', 'browser_version', 'os', 'os_version', 'screen', 'timezone', 'locale', 'country', 'region',
    'source', 'channel_type', 'channel', 'referrer_domain', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term',
    'utm_content', 'entry_host', 'entry_page', 'exit_page', 'entry_category'] AS dimensions
  FROM rollup_state
), described AS (
  SELECT s.date, s.person_id, s.is_first, s.is_first AND s.is_ended AS is_counted, s.duration_seconds, s.views, s.events, s.conversions,
    s.conversion_value, d.dimension, d.value_id
  FROM bucket, session_summaries s
  CROSS JOIN unnest(dimensions, ARRAY[
    s.device_type_id, s.browser_id, s.browser_version_id, s.os_id, s.os_version_id, s.screen_id, s.timezone_id, s.locale_id,
    s.country_id, s.region_id, s.source_id, s.channel_type_id, s.channel_id, s.referrer_domain_id, s.utm_source_id,
    s.utm_medium_id, s.utm_campaign_id, s.utm_term_id, s.utm_content_id, s.entry_host_id, s.entry_page_id, s.exit_page_id,
    s.entry_category_id]) AS d (dimension, value_id)
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date
), total AS (
  SELECT dimension, value_id, count(*) FILTER (WHERE is_first) AS sessions FROM described GROUP BY dimension, value_id
), ranked AS ( -- texts one by one: the dictionary is that of all history
  SELECT dimension, value_id, row_number() OVER (PARTITION BY dimension ORDER BY sessions DESC, value COLLATE "C") AS rank
  FROM total
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = value_id OFFSET 0) AS d
), named AS (
  SELECT d.*, CASE WHEN rank <= pages_max THEN d.value_id ELSE 1 END AS named_id
  FROM bucket, described d
  JOIN ranked USING (dimension, value_id)
), fresh (
    dimension, date, value_id, visitors, sessions, ended_sessions, bounce_sessions, engaged_sessions,
    active_engaged_sessions, ended_views, views, events, conversions, converted_sessions, conversion_value,
    duration_seconds
) AS (
  SELECT dimension, date, named_id,
    count(DISTINCT person_id),
    count(*) FILTER (WHERE is_first),
    count(*) FILTER (WHERE is_counted),
    count(*) FILTER (WHERE is_counted AND duration_seconds < 30),
    count(*) FILTER (WHERE is_counted AND duration_seconds >= 600),
    count(*) FILTER (WHERE is_counted AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)),
    coalesce(sum(views) FILTER (WHERE is_counted), 0),
    coalesce(sum(views) FILTER (WHERE is_first), 0),
    coalesce(sum(events) FILTER (WHERE is_first), 0),
    coalesce(sum(conversions) FILTER (WHERE is_first), 0),
    count(*) FILTER (WHERE is_first AND conversions > 0),
    coalesce(sum(conversion_value) FILTER (WHERE is_first), 0),
    coalesce(sum(duration_seconds) FILTER (WHERE is_counted), 0)
  FROM named
  GROUP BY dimension, date, named_id
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

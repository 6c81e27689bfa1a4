-- The hour that begins at $1, and notes its day. Clocks that are set by half an hour make two hours overlap: each row is in one of
-- them; where they are set back from behind midnight, an hour has rows of two days. Where none are set, the calendar is not asked
-- row by row.
WITH bucket AS (
  SELECT $1::timestamptz AS begins_at, timezone, goals, ($1::timestamptz AT TIME ZONE timezone)::date AS day,
    date_trunc('hour', $1::timestamptz, timezone) = $1::timestamptz
      AND ($1::timestamptz AT TIME ZONE timezone) + interval '1 hour' = $2::timestamptz AT TIME ZONE timezone AS is_usual
  FROM rollup_state
), session AS (
  SELECT s.*, s.is_first AND s.is_ended AS is_counted
  FROM bucket, session_summaries s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz
    AND (is_usual OR date_trunc('hour', s.started_at, timezone) = begins_at)
), session_figures AS (
  SELECT
    date,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first) AS sessions,
    count(*) FILTER (WHERE is_counted) AS ended_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds < 30) AS bounce_sessions,
    count(*) FILTER (WHERE is_counted AND duration_seconds >= 600) AS engaged_sessions,
    count(*) FILTER (WHERE is_counted AND (duration_seconds > 10 OR views >= 2 OR conversions > 0)) AS active_engaged_sessions,
    count(*) FILTER (WHERE is_counted AND views >= 3) AS multi_page_sessions,
    sum(views) FILTER (WHERE is_counted) AS ended_views,
    sum(events) FILTER (WHERE is_counted) AS ended_events,
    sum(timed_views) FILTER (WHERE is_counted) AS timed_views,
    sum(visible_seconds) FILTER (WHERE is_counted) AS visible_seconds,
    sum(duration_seconds) FILTER (WHERE is_counted) AS duration_seconds,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_seconds) FILTER (WHERE is_counted) AS percentiles,
    array_agg(duration_seconds ORDER BY duration_seconds) FILTER (WHERE is_counted) AS durations
  FROM session
  GROUP BY date
), view_figures AS (
  SELECT CASE WHEN is_usual THEN day ELSE (viewed_at AT TIME ZONE timezone)::date END AS date, count(*) AS views, array_agg(DISTINCT person_id ORDER BY person_id) AS viewers
  FROM bucket, page_views
  WHERE viewed_at >= $1::timestamptz AND viewed_at < $2::timestamptz
    AND (is_usual OR date_trunc('hour', viewed_at, timezone) = begins_at)
  GROUP BY 1
), event_figures AS (
  SELECT CASE WHEN is_usual THEN day ELSE (created_at AT TIME ZONE timezone)::date END AS date, count(*) AS events,
    count(*) FILTER (WHERE is_conversion(event_category, event_action, goals)) AS conversions,
    sum(event_value) FILTER (WHERE is_conversion(event_category, event_action, goals)) AS conversion_value
  FROM bucket, user_events
  WHERE created_at >= $1::timestamptz AND created_at < $2::timestamptz
    AND (is_usual OR date_trunc('hour', created_at, timezone) = begins_at)
  GROUP BY 1
), fresh (
    hour, visitors, sessions, ended_sessions, views, events, conversions, conversion_value, bounce_sessions,
    engaged_sessions, active_engaged_sessions, multi_page_sessions, ended_views, ended_events, timed_views,
    visible_seconds, duration_seconds, median_duration_seconds, p90_duration_seconds, duration_histogram, date, durations,
    viewers
) AS (
  SELECT
    $1::timestamptz,
    coalesce(s.visitors, 0), coalesce(s.sessions, 0), coalesce(s.ended_sessions, 0), coalesce(v.views, 0), coalesce(e.events, 0),
    coalesce(e.conversions, 0), coalesce(e.conversion_value, 0), coalesce(s.bounce_sessions, 0), coalesce(s.engaged_sessions, 0),
    coalesce(s.active_engaged_sessions, 0), coalesce(s.multi_page_sessions, 0), coalesce(s.ended_views, 0),
    coalesce(s.ended_events, 0), coalesce(s.timed_views, 0), coalesce(s.visible_seconds, 0), coalesce(s.duration_seconds, 0),
    s.percentiles[1], s.percentiles[2], histogram_of(s.durations), date, coalesce(s.durations, '{}'), coalesce(v.viewers, '{}')
  FROM session_figures s
  FULL JOIN view_figures v USING (date)
  FULL JOIN event_figures e USING (date)
), gone AS (
  DELETE FROM overview_hourly t
  WHERE t.hour = $1::timestamptz AND NOT EXISTS (SELECT FROM fresh f WHERE f.hour = t.hour AND f.date = t.date)
  RETURNING t.date
), written AS (
  INSERT INTO overview_hourly AS t
  SELECT * FROM fresh
  ON CONFLICT (hour, date) DO UPDATE SET (
      hour, visitors, sessions, ended_sessions, views, events, conversions, conversion_value, bounce_sessions,
      engaged_sessions, active_engaged_sessions, multi_page_sessions, ended_views, ended_events, timed_views,
      visible_seconds, duration_seconds, median_duration_seconds, p90_duration_seconds, duration_histogram, date, durations,
      viewers
    ) = ROW(EXCLUDED.*)
  WHERE t IS DISTINCT FROM EXCLUDED
)
INSERT INTO changed_buckets (kind, bucket)
SELECT 'd'::"char", day_begin(date, timezone)
FROM bucket, (SELECT date FROM fresh UNION SELECT date FROM gone) AS counted
ON CONFLICT DO NOTHING

-- The day that begins at $1, from its hours. Its visitors are known from persons' days, its percentiles from how many sessions took
-- how long, as percentile_cont reads them: between the two that stand around the place.
WITH bucket AS (
  SELECT ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), hour AS MATERIALIZED ( -- the first begins before the day where clocks are set by half an hour then
  SELECT h.*
  FROM bucket, overview_hourly h
  WHERE h.hour >= $1::timestamptz - interval '1 hour' AND h.hour < $2::timestamptz AND h.date = bucket.date
), figures AS (
  SELECT
    date, sum(sessions) AS sessions, sum(ended_sessions) AS ended_sessions, sum(views) AS views, sum(events) AS events,
    sum(conversions) AS conversions, sum(conversion_value) AS conversion_value, sum(bounce_sessions) AS bounce_sessions,
    sum(engaged_sessions) AS engaged_sessions, sum(active_engaged_sessions) AS active_engaged_sessions,
    sum(multi_page_sessions) AS multi_page_sessions, sum(ended_views) AS ended_views, sum(ended_events) AS ended_events,
    sum(timed_views) AS timed_views, sum(visible_seconds) AS visible_seconds, sum(duration_seconds) AS duration_seconds
  FROM hour
  GROUP BY date
), duration AS (
  SELECT duration_seconds AS seconds, sum(sessions) OVER (ORDER BY duration_seconds) AS up_to, sum(sessions) OVER () AS whole
  FROM session_durations_daily
  WHERE date = (SELECT date FROM bucket)
), around AS (
  SELECT
    min(seconds) FILTER (WHERE up_to > floor(0.5::float8 * (whole - 1))) AS median_below,
    min(seconds) FILTER (WHERE up_to > ceil(0.5::float8 * (whole - 1))) AS median_above,
    0.5::float8 * (max(whole) - 1) AS median_place,
    min(seconds) FILTER (WHERE up_to > floor(0.9::float8 * (whole - 1))) AS p90_below,
    min(seconds) FILTER (WHERE up_to > ceil(0.9::float8 * (whole - 1))) AS p90_above,
    0.9::float8 * (max(whole) - 1) AS p90_place
  FROM duration
), histogram AS (
  SELECT coalesce(array_agg(sessions ORDER BY place), '{}') AS histogram
  FROM (
    SELECT place, sum(amount)::integer AS sessions
    FROM hour, unnest(duration_histogram) WITH ORDINALITY AS h (amount, place)
    GROUP BY place
  ) AS counted
), viewer AS ( -- those that are there already are taken as they are stored, so that they are not stored anew
  SELECT coalesce(known.viewers, counted.viewers) AS viewers
  FROM (
    SELECT coalesce(array_agg(DISTINCT person_id ORDER BY person_id), '{}') AS viewers
    FROM hour, unnest(viewers) AS person_id
  ) AS counted
  LEFT JOIN overview_daily known ON known.date = (SELECT date FROM bucket) AND known.viewers = counted.viewers
), fresh (
    date, visitors, sessions, ended_sessions, views, events, conversions, conversion_value, bounce_sessions,
    engaged_sessions, active_engaged_sessions, multi_page_sessions, ended_views, ended_events, timed_views,
    visible_seconds, duration_seconds, median_duration_seconds, p90_duration_seconds, duration_histogram, viewers
) AS (
  SELECT
    date,
    (SELECT coalesce(sum(persons), 0) FROM visitor_returns r WHERE r.date = f.date),
    sessions, ended_sessions, views, events, conversions, conversion_value, bounce_sessions, engaged_sessions,
    active_engaged_sessions, multi_page_sessions, ended_views, ended_events, timed_views, visible_seconds, duration_seconds,
    median_below + (median_above - median_below) * (median_place - floor(median_place)),
    p90_below + (p90_above - p90_below) * (p90_place - floor(p90_place)),
    histogram, viewers
  FROM figures f, around, histogram, viewer
), gone AS (
  DELETE FROM overview_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.date = t.date)
)
INSERT INTO overview_daily AS t
SELECT * FROM fresh
ON CONFLICT (date) DO UPDATE SET (
    date, visitors, sessions, ended_sessions, views, events, conversions, conversion_value, bounce_sessions,
    engaged_sessions, active_engaged_sessions, multi_page_sessions, ended_views, ended_events, timed_views,
    visible_seconds, duration_seconds, median_duration_seconds, p90_duration_seconds, duration_histogram, viewers
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

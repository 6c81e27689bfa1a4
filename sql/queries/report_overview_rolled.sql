-- The overview of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $4 as in
-- report_overview.sql. Percentiles of a day are kept as they are; those of several are read from how many sessions took how
-- long, as percentile_cont does it: between the two that stand around the place.
WITH
/*part range_dates*/,
period AS (
  SELECT true AS is_total, first_date, last_date FROM range
  UNION ALL
  SELECT
    false,
    GREATEST(first_date, begins::date),
    LEAST(last_date, (begins + ('1 ' || $4)::interval)::date - 1)
  FROM range, generate_series(date_trunc($4, first_date::timestamp), last_date, ('1 ' || $4)::interval) AS begins
)
SELECT
  is_total,
  CASE WHEN NOT is_total THEN period.first_date END AS date,
  coalesce(visitors, 0) AS visitors,
  coalesce(new_visitors, 0) AS new_visitors,
  coalesce(sessions, 0) AS sessions,
  coalesce(ended_sessions, 0) AS ended_sessions,
  coalesce(views, 0) AS views,
  coalesce(events, 0) AS events,
  coalesce(conversions, 0) AS conversions,
  round(duration_seconds / nullif(ended_sessions, 0), 2) AS mean_duration_seconds,
  round((CASE WHEN period.first_date = period.last_date THEN median_duration_seconds
    ELSE median_below + (median_above - median_below) * (median_place - floor(median_place)) END)::numeric, 2)
    AS median_duration_seconds,
  round((CASE WHEN period.first_date = period.last_date THEN p90_duration_seconds
    ELSE p90_below + (p90_above - p90_below) * (p90_place - floor(p90_place)) END)::numeric, 2) AS p90_duration_seconds,
  round(ended_views / nullif(ended_sessions, 0), 2) AS pages_per_session,
  coalesce(bounce_sessions, 0) AS bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  coalesce(engaged_sessions, 0) AS engaged_sessions,
  round(100.0 * active_engaged_sessions / nullif(ended_sessions, 0), 2) AS engagement_rate_percent
FROM period
CROSS JOIN LATERAL (
  SELECT
    sum(sessions) AS sessions,
    sum(ended_sessions) AS ended_sessions,
    sum(views) AS views,
    sum(events) AS events,
    sum(conversions) AS conversions,
    sum(duration_seconds) AS duration_seconds,
    sum(ended_views) AS ended_views,
    sum(bounce_sessions) AS bounce_sessions,
    sum(engaged_sessions) AS engaged_sessions,
    sum(active_engaged_sessions) AS active_engaged_sessions,
    max(median_duration_seconds) AS median_duration_seconds,
    max(p90_duration_seconds) AS p90_duration_seconds
  FROM overview_daily AS day
  WHERE day.date BETWEEN period.first_date AND period.last_date
) AS figures
CROSS JOIN LATERAL (
  SELECT
    sum(persons) AS visitors,
    sum(persons) FILTER (WHERE previous_date = '-infinity') AS new_visitors
  FROM visitor_returns AS returned
  WHERE returned.date BETWEEN period.first_date AND period.last_date AND returned.previous_date < period.first_date
) AS persons
LEFT JOIN LATERAL (
  SELECT
    min(duration_seconds) FILTER (WHERE up_to > floor(0.5::float8 * (whole - 1))) AS median_below,
    min(duration_seconds) FILTER (WHERE up_to > ceil(0.5::float8 * (whole - 1))) AS median_above,
    0.5::float8 * (max(whole) - 1) AS median_place,
    min(duration_seconds) FILTER (WHERE up_to > floor(0.9::float8 * (whole - 1))) AS p90_below,
    min(duration_seconds) FILTER (WHERE up_to > ceil(0.9::float8 * (whole - 1))) AS p90_above,
    0.9::float8 * (max(whole) - 1) AS p90_place
  FROM (
    SELECT
      duration_seconds,
      sum(sum(sessions)) OVER (ORDER BY duration_seconds) AS up_to,
      sum(sum(sessions)) OVER () AS whole
    FROM session_durations_daily AS duration
    WHERE duration.date BETWEEN period.first_date AND period.last_date AND period.first_date < period.last_date
    GROUP BY duration_seconds
  ) AS duration
) AS several ON true
ORDER BY is_total, date

-- The overview of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $4 as in
-- report_overview.sql. Percentiles of a day are kept as they are. Those of several are read as percentile_cont does it, between the
-- two that stand around the place: histograms say in which bucket these are, and how many sessions took how long which they are.
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
  WITH bucket AS MATERIALIZED ( -- of the histograms
    SELECT place - 1 AS number, sum(sum(amount)) OVER (ORDER BY place) AS up_to, sum(sum(amount)) OVER () AS whole
    FROM overview_daily AS day
    CROSS JOIN unnest(day.duration_histogram) WITH ORDINALITY AS h (amount, place)
    WHERE day.date BETWEEN period.first_date AND period.last_date AND period.first_date < period.last_date
    GROUP BY place
  )
  SELECT
    min(below) FILTER (WHERE share = 0.5) AS median_below,
    min(above) FILTER (WHERE share = 0.5) AS median_above,
    min(place) FILTER (WHERE share = 0.5) AS median_place,
    min(below) FILTER (WHERE share = 0.9) AS p90_below,
    min(above) FILTER (WHERE share = 0.9) AS p90_above,
    min(place) FILTER (WHERE share = 0.9) AS p90_place
  FROM (
    SELECT
      share,
      share * (max(whole) - 1) AS place,
      coalesce(max(up_to) FILTER (WHERE up_to <= floor(share * (whole - 1))), 0) AS before,
      min(number) FILTER (WHERE up_to > floor(share * (whole - 1))) AS first_number,
      min(number) FILTER (WHERE up_to > ceil(share * (whole - 1))) AS last_number
    FROM bucket, unnest(ARRAY[0.5, 0.9]::float8[]) AS share
    GROUP BY share
  ) AS wanted
  CROSS JOIN LATERAL (
    SELECT
      min(duration_seconds) FILTER (WHERE before + up_to > floor(place)) AS below,
      min(duration_seconds) FILTER (WHERE before + up_to > ceil(place)) AS above
    FROM (
      SELECT duration_seconds, sum(sum(sessions)) OVER (ORDER BY duration_seconds) AS up_to
      FROM generate_series(0, period.last_date - period.first_date) AS at
      CROSS JOIN LATERAL (
        SELECT duration_seconds, sessions
        FROM session_durations_daily AS duration
        WHERE duration.date = period.first_date + at
          AND duration_seconds >= histogram_least(first_number) AND duration_seconds < histogram_least(last_number + 1)
        OFFSET 0
      ) AS duration
      GROUP BY duration_seconds
    ) AS duration
  ) AS around
) AS several ON true
ORDER BY is_total, date

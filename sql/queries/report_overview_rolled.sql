-- The overview of whole days of the reporting time zone, without a filter, from what is counted by the day. $1 to $4 as in
-- report_overview.sql. Percentiles over several days are counted from the sessions; where these are many, they come from the
-- days' histograms, and are never outside of what the days have.
WITH range AS (
  SELECT
    ($1::timestamptz AT TIME ZONE $3)::date AS first_date,
    (($2::timestamptz - interval '1 microsecond') AT TIME ZONE $3)::date AS last_date
),
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
  round(coalesce(exact.percentiles[1], GREATEST(LEAST(rough.percentiles[1], median_most), median_least))::numeric, 2)
    AS median_duration_seconds,
  round(coalesce(exact.percentiles[2], GREATEST(LEAST(rough.percentiles[2], p90_most), p90_least))::numeric, 2)
    AS p90_duration_seconds,
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
    min(median_duration_seconds) AS median_least,
    max(median_duration_seconds) AS median_most,
    min(p90_duration_seconds) AS p90_least,
    max(p90_duration_seconds) AS p90_most
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
  SELECT ARRAY[
    histogram_value(min(bucket) FILTER (WHERE up_to >= 0.5 * whole)),
    histogram_value(min(bucket) FILTER (WHERE up_to >= 0.9 * whole))] AS percentiles
  FROM (
    SELECT
      (place - 1)::integer AS bucket,
      sum(sum(count)) OVER (ORDER BY place) AS up_to,
      sum(sum(count)) OVER () AS whole
    FROM overview_daily AS day, unnest(day.duration_histogram) WITH ORDINALITY AS counted (count, place)
    WHERE day.date BETWEEN period.first_date AND period.last_date
    GROUP BY place
  ) AS bucket
) AS rough ON median_least < median_most OR p90_least < p90_most
LEFT JOIN LATERAL (
  SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s.duration_seconds) AS percentiles
  FROM session_summaries AS s
  WHERE s.started_at >= day_begin(period.first_date, $3) AND s.started_at < day_begin(period.last_date + 1, $3)
    AND s.is_first AND s.is_ended AND figures.ended_sessions <= 200000
) AS exact ON median_least < median_most OR p90_least < p90_most
ORDER BY is_total, date

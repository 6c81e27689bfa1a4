-- session_metrics_daily as it is. $1 from, $2 to, $3 the zone: the days of the reporting time zone that begin in the range;
-- $4 how many rows, $5 behind which place.
SELECT
  false AS is_total,
  place AS cursor,
  date, device_type, browser, total_sessions, unique_users, bounce_sessions, engaged_sessions, avg_duration_seconds,
  median_duration_seconds, p90_duration_seconds, min_duration_seconds, max_duration_seconds, avg_pages_per_session,
  avg_time_per_page_seconds, multi_page_sessions, avg_events_per_session, bounce_rate_percent
FROM (
  SELECT metrics.*, row_number() OVER (ORDER BY date, device_type, browser) AS place
  FROM session_metrics_daily AS metrics, rollup_state
  WHERE day_begin(date, timezone) >= $1::timestamptz AND day_begin(date, timezone) < $2::timestamptz AND $3 <> ''
    AND date BETWEEN ($1::timestamptz AT TIME ZONE timezone)::date AND ($2::timestamptz AT TIME ZONE timezone)::date
) AS placed
WHERE place > $5::bigint AND place <= $5::bigint + $4::bigint + 1
ORDER BY place

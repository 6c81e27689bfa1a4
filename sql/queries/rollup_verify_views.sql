-- The views of the days from $1 to $2, the end not included, and of three days on either side: a session lasts
-- a day at most and may be named up to a day ahead, so every session that one of these days looks at is there whole.
INSERT INTO recount_views
SELECT v.id, person_id, session_id, viewed_at,
  viewed_at - (local - date_trunc('hour', local)), local::date,
  coalesce(page_host, ''), coalesce(page_category, ''), page_url, dictionary.id,
  time_on_page_seconds, scroll_depth_percent, coalesce(clicks_count, 0), page_load_time_ms,
  row_number() OVER (PARTITION BY session_id ORDER BY page_sequence_number, v.id, person_id),
  count(*) OVER (PARTITION BY session_id)
FROM page_views AS v
CROSS JOIN LATERAL (SELECT viewed_at AT TIME ZONE timezone AS local FROM rollup_state) AS clock
LEFT JOIN dimension_values AS dictionary ON dictionary.value = coalesce(page_host, '') || page_url
WHERE viewed_at >= $1::date - interval '3 days' AND viewed_at < $2::date + interval '3 days'

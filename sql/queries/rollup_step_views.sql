-- The views of the sessions, all between $1 and $2. The hash is of all that is counted of a view.
INSERT INTO step_views (session_id, id, person_id, number, hour, seconds, scroll, host, page, category, hash)
SELECT v.session_id, v.id, v.person_id, v.page_sequence_number, date_trunc('hour', v.viewed_at, r.timezone),
  v.time_on_page_seconds, v.scroll_depth_percent, coalesce(v.page_host, ''), coalesce(v.page_host, '') || v.page_url, coalesce(v.page_category, ''),
  hash_record_extended(ROW(v.id, v.person_id, v.page_sequence_number, v.time_on_page_seconds, v.scroll_depth_percent,
    v.clicks_count, v.page_load_time_ms, v.page_host, v.page_url, v.page_category), 1)
FROM rollup_state AS r
CROSS JOIN step_changed AS b
CROSS JOIN LATERAL (
  SELECT * FROM page_views v
  WHERE v.session_id = b.session_id
    AND v.viewed_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
    AND v.viewed_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
) AS v

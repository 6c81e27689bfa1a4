-- Views, events and leaves of the sessions $1 (loader-made, or provisional), for making the sessions anew; at most $2.
SELECT 'v', v.id, v.person_id, coalesce(v.browser_id, 0), v.session_id, v.page_sequence_number, v.context_id, ts_ms(v.viewed_at)
FROM unnest($1::uuid[]) AS q (id)
JOIN page_views v ON v.session_id = q.id AND v.viewed_at BETWEEN uuid7_ts(q.id) - interval '1 day' AND uuid7_ts(q.id) + interval '1 day'
UNION ALL
SELECT 'e', e.id, e.person_id, coalesce(e.browser_id, 0), e.session_id, 0, e.context_id, ts_ms(e.created_at)
FROM unnest($1::uuid[]) AS q (id)
JOIN user_events e ON e.session_id = q.id AND e.created_at BETWEEN uuid7_ts(q.id) - interval '1 day' AND uuid7_ts(q.id) + interval '1 day'
UNION ALL
SELECT 'l', v.id, v.person_id, coalesce(v.browser_id, 0), v.session_id, 0, NULL, ts_ms(l.left_at)
FROM unnest($1::uuid[]) AS q (id)
JOIN session_leaves l ON l.session_id = q.id
JOIN page_views v ON v.viewed_at = uuid7_ts(l.page_view_id) AND v.id = l.page_view_id
LIMIT $2::bigint

-- What has come since $1 (ms), and a little before it, since what comes at the same time may be stored in any order: views by
-- when they were stored, events by when they happened, once that time has come. Only of the last ten minutes; the latest $2.
SELECT id, ms, data
FROM (
  SELECT
    v.id,
    ts_ms(v.created_at) AS ms,
    json_build_object('kind', 'page', 'id', v.id, 'at', to_char(v.viewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'session', v.session_id, 'person', v.person_id::text, 'host', v.page_host, 'page', v.page_url, 'title', v.page_title) AS data
  FROM page_views AS v
  WHERE v.viewed_at > now() - interval '10 minutes' AND v.created_at > ms_ts($1::bigint) - interval '5 seconds'
  UNION ALL
  SELECT
    e.id,
    ts_ms(e.created_at),
    json_build_object('kind', e.event_type, 'id', e.id, 'at', to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'session', e.session_id, 'person', e.person_id::text, 'category', e.event_category, 'action', e.event_action, 'label',
      e.event_label, 'value', e.event_value)
  FROM user_events AS e
  WHERE e.created_at > GREATEST(now() - interval '10 minutes', ms_ts($1::bigint) - interval '1 minute')
    AND e.created_at <= now()
  ORDER BY ms DESC, id DESC
  LIMIT $2::integer
) AS moment
ORDER BY ms, id

-- The sessions as they are, from their rows, all of which lie between $1 and $2, and the texts of these, each with its id: the
-- dictionary gets those it does not have. Rows and texts are looked up one by one.
WITH session AS MATERIALIZED (
  SELECT s.started_at, s.id AS session_id, s.person_id, s.person_id = min(s.person_id) OVER (PARTITION BY s.started_at, s.id) AS is_first,
    s.ended_at IS NOT NULL AS is_ended, s.is_authenticated, s.duration_seconds,
    ARRAY[s.device_type, s.browser, s.browser_version, s.os, s.os_version, s.screen_resolution, s.timezone, s.locale, s.country,
      s.region, s.source, a.channel_type, a.channel_subtype, a.referrer_domain, a.utm_source, a.utm_medium, a.utm_campaign,
      a.utm_term, a.utm_content] AS texts -- in the order of session_summaries
  FROM step_changed b
  CROSS JOIN LATERAL (
    SELECT * FROM user_sessions s
    WHERE s.started_at = b.started_at AND s.id = b.session_id AND s.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
  ) AS s
  LEFT JOIN LATERAL (
    SELECT * FROM session_attribution a
    WHERE a.started_at = b.started_at AND a.session_id = b.session_id AND a.person_id = s.person_id
      AND a.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
  ) AS a ON true
), view AS MATERIALIZED ( -- the hash is of all that is counted of it
  SELECT v.session_id, v.id, v.person_id, v.page_sequence_number AS number, date_trunc('hour', v.viewed_at, r.timezone) AS hour,
    v.time_on_page_seconds AS seconds, v.scroll_depth_percent AS scroll, coalesce(v.page_host, '') AS host,
    coalesce(v.page_host, '') || v.page_url AS page, coalesce(v.page_category, '') AS category,
    hash_record_extended(ROW(v.id, v.person_id, v.page_sequence_number, v.time_on_page_seconds, v.scroll_depth_percent,
      v.clicks_count, v.page_load_time_ms, v.page_host, v.page_url, v.page_category), 1) AS hash
  FROM rollup_state AS r
  CROSS JOIN step_changed AS b
  CROSS JOIN LATERAL (
    SELECT * FROM page_views v
    WHERE v.session_id = b.session_id
      AND v.viewed_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
      AND v.viewed_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
  ) AS v
), event AS MATERIALIZED ( -- likewise; that of one that only a goal makes a conversion is another one, so that a change of goals opens its hour
  SELECT e.session_id, date_trunc('hour', e.created_at, r.timezone) AS hour, is_conversion, e.event_value AS value,
    hash_record_extended(ROW(e.id, e.person_id, e.event_type, e.event_category, e.event_action, e.event_value),
      CASE WHEN is_conversion AND NOT is_conversion(e.event_category, NULL, '{}') THEN 3 ELSE 2 END) AS hash
  FROM rollup_state AS r
  CROSS JOIN step_changed AS b
  CROSS JOIN LATERAL (
    SELECT *, is_conversion(e.event_category, e.event_action, r.goals) AS is_conversion FROM user_events e
    WHERE e.session_id = b.session_id
      AND e.created_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
      AND e.created_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
  ) AS e
), text AS (
  SELECT page AS value FROM view
  UNION SELECT host FROM view
  UNION SELECT category FROM view
  UNION SELECT text FROM session, unnest(texts) AS text WHERE text IS NOT NULL
), known AS MATERIALIZED (
  SELECT t.value, d.id
  FROM text t
  LEFT JOIN LATERAL (SELECT id FROM dimension_values d WHERE d.value = t.value OFFSET 0) AS d ON true
), added AS (
  INSERT INTO dimension_values (value) SELECT value FROM known WHERE id IS NULL ORDER BY value RETURNING value, id
), value AS MATERIALIZED (
  SELECT value, id FROM known WHERE id IS NOT NULL
  UNION ALL
  SELECT value, id FROM added
), way AS (
  SELECT session_id, count(*) AS views, count(seconds) AS timed_views, coalesce(sum(seconds), 0) AS visible_seconds,
    array_agg(id) AS view_ids, array_agg(page_id) AS pages, array_agg(seconds) AS seconds, array_agg(scroll) AS scrolls,
    array_agg(page_id) FILTER (WHERE page_id IS DISTINCT FROM page_before) AS steps, array_agg(host_id) AS hosts, array_agg(category_id) AS categories
  FROM (
    SELECT v.session_id, v.id, v.seconds, v.scroll, page.id AS page_id, host.id AS host_id, category.id AS category_id,
      lag(page.id) OVER (PARTITION BY v.session_id ORDER BY v.number, v.id, v.person_id) AS page_before
    FROM view v
    JOIN value page ON page.value = v.page
    JOIN value host ON host.value = v.host
    JOIN value category ON category.value = v.category
    ORDER BY v.session_id, v.number, v.id, v.person_id
  ) AS in_order
  GROUP BY session_id
), happened AS (
  SELECT session_id, count(*) AS events, count(*) FILTER (WHERE is_conversion) AS conversions,
    sum(value) FILTER (WHERE is_conversion) AS conversion_value
  FROM event GROUP BY session_id
), mark AS (
  SELECT session_id, array_agg(ARRAY[extract(epoch FROM hour)::bigint, hash] ORDER BY hour) AS marks
  FROM (
    SELECT session_id, hour, bit_xor(hash) AS hash
    FROM (SELECT session_id, hour, hash FROM view UNION ALL SELECT session_id, hour, hash FROM event) AS row_mark
    GROUP BY session_id, hour
  ) AS hour_mark
  GROUP BY session_id
), description AS (
  SELECT s.started_at, s.session_id, s.person_id,
    array_agg(coalesce(v.id, 0) ORDER BY t.ordinal) AS ids
  FROM session s
  CROSS JOIN unnest(s.texts) WITH ORDINALITY AS t (text, ordinal)
  LEFT JOIN value v ON v.value = t.text
  GROUP BY s.started_at, s.session_id, s.person_id
)
INSERT INTO step_new
SELECT s.started_at, s.session_id, s.person_id, (s.started_at AT TIME ZONE r.timezone)::date, s.is_first, s.is_ended,
  s.is_authenticated, s.duration_seconds, coalesce(w.views, 0), coalesce(w.timed_views, 0), coalesce(w.visible_seconds, 0),
  coalesce(h.events, 0), coalesce(h.conversions, 0),
  ids[1], ids[2], ids[3], ids[4], ids[5], ids[6], ids[7], ids[8], ids[9], ids[10], ids[11], ids[12], ids[13], ids[14], ids[15],
  ids[16], ids[17], ids[18], ids[19],
  coalesce(w.hosts[1], 0), coalesce(w.pages[1], 0), coalesce(w.pages[w.views], 0), coalesce(w.categories[1], 0),
  w.view_ids[1], w.view_ids[w.views], coalesce(w.pages[1:1000], '{}'), coalesce(m.marks, '{}'),
  CASE WHEN w.steps[1:10] <> w.pages THEN w.steps[1:10] END, h.conversion_value,
  coalesce(w.seconds[1:1000], '{}'), coalesce(w.scrolls[1:1000], '{}')
FROM rollup_state AS r
CROSS JOIN session AS s
JOIN description d USING (started_at, session_id, person_id)
LEFT JOIN way AS w USING (session_id)
LEFT JOIN happened AS h USING (session_id)
LEFT JOIN mark AS m USING (session_id)

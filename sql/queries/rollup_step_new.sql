-- The sessions as they are.
WITH way AS (
  SELECT session_id, count(*) AS views, count(seconds) AS timed_views, coalesce(sum(seconds), 0) AS visible_seconds,
    array_agg(id) AS view_ids, array_agg(page_id) AS pages, array_agg(seconds) AS seconds, array_agg(scroll) AS scrolls,
    array_agg(page_id) FILTER (WHERE page_id IS DISTINCT FROM page_before) AS steps, array_agg(host_id) AS hosts, array_agg(category_id) AS categories
  FROM (
    SELECT v.session_id, v.id, v.seconds, v.scroll, page.id AS page_id, host.id AS host_id, category.id AS category_id,
      lag(page.id) OVER (PARTITION BY v.session_id ORDER BY v.number, v.id, v.person_id) AS page_before
    FROM step_views v
    JOIN step_values page ON page.value = v.page
    JOIN step_values host ON host.value = v.host
    JOIN step_values category ON category.value = v.category
    ORDER BY v.session_id, v.number, v.id, v.person_id
  ) AS in_order
  GROUP BY session_id
), happened AS (
  SELECT session_id, count(*) AS events, count(*) FILTER (WHERE is_conversion) AS conversions,
    sum(value) FILTER (WHERE is_conversion) AS conversion_value
  FROM step_events GROUP BY session_id
), mark AS (
  SELECT session_id, array_agg(ARRAY[extract(epoch FROM hour)::bigint, hash] ORDER BY hour) AS marks
  FROM (
    SELECT session_id, hour, bit_xor(hash) AS hash
    FROM (SELECT session_id, hour, hash FROM step_views UNION ALL SELECT session_id, hour, hash FROM step_events) AS row_mark
    GROUP BY session_id, hour
  ) AS hour_mark
  GROUP BY session_id
), description AS (
  SELECT s.started_at, s.session_id, s.person_id,
    array_agg(coalesce(v.id, 0) ORDER BY t.ordinal) AS ids
  FROM step_sessions s
  CROSS JOIN unnest(s.texts) WITH ORDINALITY AS t (text, ordinal)
  LEFT JOIN step_values v ON v.value = t.text
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
CROSS JOIN step_sessions AS s
JOIN description d USING (started_at, session_id, person_id)
LEFT JOIN way AS w USING (session_id)
LEFT JOIN happened AS h USING (session_id)
LEFT JOIN mark AS m USING (session_id)

-- Counts the sessions $3 anew, all of whose rows lie between $1 and $2, and notes what their changes reach. All is told of sessions by
-- their ids, of which the planner sees how many there are; rows and texts are looked up one by one. How many summaries have no session
-- any more; whether days of persons come or go; and of those whose sessions change what parts/step_days.sql names.
WITH noted AS MATERIALIZED (
  SELECT uuid7_ts(id) AS started_at, id AS session_id FROM unnest($3::uuid[]) AS id
), forgotten AS (
  DELETE FROM rollup_failures f USING noted b WHERE f.session_id = b.session_id
), old AS MATERIALIZED (
  SELECT s.*
  FROM noted b
  CROSS JOIN LATERAL (
    SELECT * FROM session_summaries s WHERE s.started_at = b.started_at AND s.session_id = b.session_id
      AND s.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
  ) AS s
),
-- ── The sessions as they are ──
session AS MATERIALIZED (
  SELECT s.started_at, s.id AS session_id, s.person_id, s.person_id = min(s.person_id) OVER (PARTITION BY s.started_at, s.id) AS is_first,
    s.ended_at IS NOT NULL AS is_ended, s.is_authenticated, s.duration_seconds,
    ARRAY[s.device_type, s.browser, s.browser_version, s.os, s.os_version, s.screen_resolution, s.timezone, s.locale, s.country,
      s.region, s.source, a.channel_type, a.channel_subtype, a.referrer_domain, a.utm_source, a.utm_medium, a.utm_campaign,
      a.utm_term, a.utm_content] AS texts -- in the order of session_summaries
  FROM noted b
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
  CROSS JOIN noted AS b
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
  CROSS JOIN noted AS b
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
), fresh (
    started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds, views,
    timed_views, visible_seconds, events, conversions, device_type_id, browser_id, browser_version_id, os_id,
    os_version_id, screen_id, timezone_id, locale_id, country_id, region_id, source_id, channel_type_id, channel_id,
    referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id, utm_term_id, utm_content_id, entry_host_id,
    entry_page_id, exit_page_id, entry_category_id, entry_view_id, exit_view_id, pages, marks, path, conversion_value,
    view_seconds, view_scrolls
) AS MATERIALIZED ( -- of the types of session_summaries, so that rows can be compared
  SELECT s.started_at, s.session_id, s.person_id, (s.started_at AT TIME ZONE r.timezone)::date, s.is_first, s.is_ended,
    s.is_authenticated, s.duration_seconds, coalesce(w.views, 0)::integer, coalesce(w.timed_views, 0)::integer,
    coalesce(w.visible_seconds, 0), coalesce(h.events, 0)::integer, coalesce(h.conversions, 0)::integer,
    ids[1], ids[2], ids[3], ids[4], ids[5], ids[6], ids[7], ids[8], ids[9], ids[10], ids[11], ids[12], ids[13], ids[14], ids[15],
    ids[16], ids[17], ids[18], ids[19],
    coalesce(w.hosts[1], 0), coalesce(w.pages[1], 0), coalesce(w.pages[w.views], 0), coalesce(w.categories[1], 0),
    w.view_ids[1], w.view_ids[w.views], coalesce(w.pages[1:1000], '{}'), coalesce(m.marks, '{}'),
    CASE WHEN w.steps[1:10] <> w.pages THEN w.steps[1:10] END, h.conversion_value,
    coalesce(w.seconds[1:1000], '{}'), coalesce(w.scrolls[1:1000], '{}')::integer[]
  FROM rollup_state AS r
  CROSS JOIN session AS s
  JOIN description d USING (started_at, session_id, person_id)
  LEFT JOIN way AS w USING (session_id)
  LEFT JOIN happened AS h USING (session_id)
  LEFT JOIN mark AS m USING (session_id)
), written AS (
  INSERT INTO session_summaries AS s
  SELECT n.* FROM fresh n LEFT JOIN old o USING (started_at, session_id, person_id)
  WHERE n IS DISTINCT FROM o
  ORDER BY n.started_at, n.session_id, n.person_id
  ON CONFLICT (started_at, session_id, person_id) DO UPDATE SET (
      started_at, session_id, person_id, date, is_first, is_ended, is_authenticated, duration_seconds, views,
      timed_views, visible_seconds, events, conversions, device_type_id, browser_id, browser_version_id, os_id,
      os_version_id, screen_id, timezone_id, locale_id, country_id, region_id, source_id, channel_type_id, channel_id,
      referrer_domain_id, utm_source_id, utm_medium_id, utm_campaign_id, utm_term_id, utm_content_id, entry_host_id,
      entry_page_id, exit_page_id, entry_category_id, entry_view_id, exit_view_id, pages, marks, path, conversion_value,
      view_seconds, view_scrolls
    ) = ROW(EXCLUDED.*)
),
-- ── What that reaches: hours and days whose rows changed, those where a session's way begins or ends now and then, and those where
-- a session started. The overview of a day is noted by its hours. ──
marked AS (
  SELECT DISTINCT session_id, hour, hash, is_new
  FROM (
    SELECT session_id, marks, false AS is_new FROM old WHERE is_first
    UNION ALL
    SELECT session_id, marks, true FROM fresh WHERE is_first
  ) AS session_mark
  CROSS JOIN LATERAL unnest(marks[:][1:1], marks[:][2:2]) AS mark (hour, hash)
), changed AS (
  SELECT coalesce(o.session_id, n.session_id) AS session_id, coalesce(o.started_at, n.started_at) AS started_at,
    coalesce(o.date, n.date) AS date,
    (o.entry_view_id, o.exit_view_id, o.views = 1) IS DISTINCT FROM (n.entry_view_id, n.exit_view_id, n.views = 1) AS has_other_ends,
    ARRAY[o.entry_view_id, o.exit_view_id, n.entry_view_id, n.exit_view_id] AS ends, coalesce(n.marks, o.marks) AS marks
  FROM old o
  FULL JOIN fresh n USING (started_at, session_id, person_id)
  WHERE o IS DISTINCT FROM n
), row_hour AS (
  SELECT to_timestamp(hour) AS hour
  FROM marked
  GROUP BY session_id, hour, hash
  HAVING count(*) = 1
  UNION
  SELECT date_trunc('hour', uuid7_ts(view_id), timezone)
  FROM rollup_state, changed, unnest(ends) AS view_id
  WHERE has_other_ends AND view_id IS NOT NULL
), bucket AS (
  SELECT 'p'::"char" AS kind, hour AS bucket FROM row_hour
  UNION SELECT 'o', hour FROM row_hour
  UNION SELECT 'o', date_trunc('hour', started_at, timezone) FROM changed, rollup_state
  UNION SELECT kind, day_begin(date, timezone)
  FROM rollup_state, (
    SELECT DISTINCT unnest('{s,v}'::"char"[]) AS kind, (hour AT TIME ZONE timezone)::date AS date FROM row_hour, rollup_state
    UNION SELECT DISTINCT 's'::"char", date FROM changed
    UNION SELECT DISTINCT 's'::"char", (to_timestamp(hour) AT TIME ZONE timezone)::date -- what describes it describes its rows
    FROM rollup_state, changed
    CROSS JOIN LATERAL unnest(marks[:][1:1]) AS hour
  ) AS day
), opened AS (
  INSERT INTO changed_buckets (kind, bucket)
  SELECT kind, bucket FROM bucket
  ON CONFLICT DO NOTHING
),
-- ── Persons' days whose number of sessions changes, with what stands of them ──
day AS MATERIALIZED (
  SELECT c.person_id, c.date, c.change, coalesce(d.sessions, 0) AS before, d.previous_date
  FROM (
    SELECT person_id, date, sum(sessions)::integer AS change
    FROM (SELECT person_id, date, 1 AS sessions FROM fresh UNION ALL SELECT person_id, date, -1 FROM old) AS row_change
    GROUP BY person_id, date
    HAVING sum(sessions) <> 0
  ) AS c
  LEFT JOIN LATERAL (
    SELECT * FROM person_days d WHERE d.person_id = c.person_id AND d.date = c.date OFFSET 0
  ) AS d ON true
  ORDER BY c.person_id, c.date
)
SELECT (SELECT count(*) FROM old WHERE (session_id, person_id) NOT IN (SELECT session_id, person_id FROM fresh)),
  coalesce(bool_or(before = 0 OR before + change = 0), false),
  array_agg(person_id), array_agg(date), array_agg(change), array_agg(before), array_agg(previous_date)
FROM day

-- $1 from, $2 to: views made then; $3 the zone, in which nothing is counted; $4 what to sort by; $5 what a page's path is
-- like, with * for any text; $6 only pages of this host; $7 how many rows, $8 behind which place;
-- $9 where given, only the pages of these keys.
-- Sessions all of whose views are of the range have them in their summary. The rows of the others are asked: of those at its
-- edges, of more than 1000 views, of several persons, or counted before a summary held times.
-- Each half of the time is counted by itself, which two processors do at once: an aggregate of arrays cannot be parallel before
-- PostgreSQL 16. A half's bounds come from a function, as without it the planner would have its sessions read in parallel, and all of
-- them counted by one. Hours, not days, are added to times, as that asks no calendar for every session.
WITH counted AS MATERIALIZED (
  (
    WITH half AS (
      SELECT first_at, end_at
      FROM unnest(
        ARRAY[$1::timestamptz - interval '24 hours'],
        ARRAY[$1::timestamptz + ($2::timestamptz - $1::timestamptz) / 2]) AS half (first_at, end_at)
    )
    /*part pages_counted*/
  )
  UNION ALL
  (
    WITH half AS (
      SELECT first_at, end_at
      FROM unnest(
        ARRAY[$1::timestamptz + ($2::timestamptz - $1::timestamptz) / 2],
        ARRAY[$2::timestamptz + interval '24 hours']) AS half (first_at, end_at)
    )
    /*part pages_counted*/
  )
),
cut AS MATERIALIZED (
  SELECT
    coalesce(v.page_host, '') AS page_host,
    v.page_url,
    v.person_id,
    v.time_on_page_seconds,
    v.scroll_depth_percent,
    v.id = whole.entry_view_id AS is_entry,
    v.id = whole.exit_view_id AS is_exit,
    v.id = whole.entry_view_id AND whole.views = 1 AS is_bounce
  FROM (SELECT unnest(cut_sessions) AS session_id, unnest(persons) AS person_id FROM counted WHERE page_id IS NULL) AS s
  CROSS JOIN LATERAL (
    SELECT summary.entry_view_id, summary.exit_view_id, summary.views
    FROM session_summaries AS summary
    WHERE summary.started_at = uuid7_ts(s.session_id) AND summary.session_id = s.session_id AND summary.person_id = s.person_id
    OFFSET 0
  ) AS whole
  CROSS JOIN LATERAL (
    SELECT *
    FROM page_views AS view
    WHERE view.session_id = s.session_id AND view.person_id = s.person_id
      AND view.viewed_at >= $1::timestamptz AND view.viewed_at < $2::timestamptz
      AND ($5::text IS NULL OR view.page_url LIKE like_pattern($5))
      AND ($6::text IS NULL OR view.page_host = $6)
    OFFSET 0
  ) AS v
),
page AS MATERIALIZED (
  SELECT id, page_host, page_url
  FROM (SELECT DISTINCT page_id AS id FROM counted) AS used
  JOIN dimension_values USING (id)
  CROSS JOIN LATERAL (
    SELECT left(value, greatest(strpos(value, '/') - 1, 0)) AS page_host, substr(value, greatest(strpos(value, '/'), 1)) AS page_url
  ) AS named
  WHERE ($5::text IS NULL OR page_url LIKE like_pattern($5))
    AND ($6::text IS NULL OR page_host = $6)
),
part AS (
  SELECT page_host, page_url, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces
  FROM counted
  JOIN page ON page.id = page_id
  UNION ALL
  SELECT page_host, page_url, count(*), count(time_on_page_seconds), sum(time_on_page_seconds), count(scroll_depth_percent),
    sum(scroll_depth_percent), count(*) FILTER (WHERE is_entry), count(*) FILTER (WHERE is_exit), count(*) FILTER (WHERE is_bounce)
  FROM cut
  GROUP BY page_host, page_url
),
figures AS (
  SELECT
    GROUPING(page_url) = 1 AS is_total,
    page_host,
    page_url,
    /*part pages_figures*/
  FROM part
  GROUP BY GROUPING SETS ((page_host, page_url), ())
),
/*part pages_candidate*/,
seen AS (
  SELECT place, count(DISTINCT person_id) AS visitors
  FROM (
    SELECT place, unnest(persons) AS person_id FROM candidate JOIN page USING (page_host, page_url) JOIN counted ON page_id = page.id
    UNION ALL
    SELECT place, person_id FROM candidate JOIN cut USING (page_host, page_url)
  ) AS person
  GROUP BY place
),
seen_any AS (
  SELECT count(DISTINCT person_id) AS visitors
  FROM (
    SELECT unnest(CASE WHEN $5::text IS NULL AND $6::text IS NULL THEN entered_persons ELSE persons END) AS person_id
    FROM counted
    JOIN page ON page.id = page_id
    UNION ALL
    SELECT person_id FROM cut
  ) AS person
),
/*part pages_seen*/
/*part pages_placed*/

-- $1 from, $2 to: views made then; $3 the zone, in which nothing is counted; $4 what to sort by; $5 what a page's path is
-- like, with * for any text; $6 only pages of this host; $7 how many rows, $8 behind which place;
-- $9 where given, only the pages of these keys.
-- Sessions all of whose views are of the range have them in their summary. The rows of the others are asked: of those at its
-- edges, of more than 1000 views, of several persons, or counted before a summary held times. Who saw a page is counted for
-- the rows that are shown only, unless they are sorted by it.
WITH session AS MATERIALIZED (
  SELECT
    s.started_at,
    s.session_id,
    s.person_id,
    s.views,
    s.entry_page_id,
    s.exit_page_id,
    s.pages,
    s.view_seconds,
    s.view_scrolls,
    cardinality(s.view_seconds) = s.views
      AND (
        s.started_at BETWEEN $1::timestamptz + interval '1 day' AND $2::timestamptz - interval '1 day'
        OR (to_timestamp(s.marks[1][1]) >= $1::timestamptz
          AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) <= $2::timestamptz - interval '2 hours')
      )
      AND s.session_id NOT IN (
        SELECT shared.session_id
        FROM session_summaries AS shared
        WHERE shared.started_at >= $1::timestamptz - interval '1 day' AND shared.started_at < $2::timestamptz + interval '1 day'
          AND NOT shared.is_first
      ) AS is_whole
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day' AND $3 <> ''
    AND s.views > 0
    AND (
      s.started_at BETWEEN $1::timestamptz AND $2::timestamptz - interval '1 day'
      OR (to_timestamp(s.marks[1][1]) < $2::timestamptz
        AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) > $1::timestamptz - interval '2 hours')
    )
    /*where s*/
),
cut AS MATERIALIZED (
  SELECT
    coalesce(v.page_host, '') AS page_host,
    v.page_url,
    v.person_id,
    v.time_on_page_seconds,
    v.scroll_depth_percent,
    v.id = ends.entry_view_id AS is_entry,
    v.id = ends.exit_view_id AS is_exit,
    v.id = ends.entry_view_id AND s.views = 1 AS is_bounce
  FROM session AS s
  CROSS JOIN LATERAL (
    SELECT whole.entry_view_id, whole.exit_view_id
    FROM session_summaries AS whole
    WHERE whole.started_at = s.started_at AND whole.session_id = s.session_id AND whole.person_id = s.person_id
    OFFSET 0
  ) AS ends
  CROSS JOIN LATERAL (
    SELECT *
    FROM page_views AS view
    WHERE view.session_id = s.session_id AND view.person_id = s.person_id
      AND view.viewed_at >= $1::timestamptz AND view.viewed_at < $2::timestamptz
      AND ($5::text IS NULL OR view.page_url LIKE like_pattern($5))
      AND ($6::text IS NULL OR view.page_host = $6)
    OFFSET 0
  ) AS v
  WHERE NOT s.is_whole
),
counted AS MATERIALIZED (
  SELECT page_id, count(*) AS views, count(seconds) AS timed_views, sum(seconds) AS time_on_page_seconds,
    count(scroll) AS scrolled_views, sum(scroll) AS scroll_depth_percent, 0 AS entries, 0 AS exits, 0 AS bounces
  FROM (
    SELECT unnest(pages) AS page_id, unnest(view_seconds) AS seconds, unnest(view_scrolls) AS scroll FROM session WHERE is_whole
  ) AS view
  GROUP BY page_id
  UNION ALL
  SELECT entry_page_id, 0, 0, 0, 0, 0, count(*), 0, count(*) FILTER (WHERE views = 1)
  FROM session
  WHERE is_whole
  GROUP BY entry_page_id
  UNION ALL
  SELECT exit_page_id, 0, 0, 0, 0, 0, 0, count(*), 0
  FROM session
  WHERE is_whole
  GROUP BY exit_page_id
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
    coalesce(sum(views), 0) AS views,
    round(sum(time_on_page_seconds) / nullif(sum(timed_views), 0), 2) AS avg_time_on_page_seconds,
    round(sum(scroll_depth_percent) / nullif(sum(scrolled_views), 0), 2) AS avg_scroll_depth_percent,
    coalesce(sum(entries), 0) AS entries,
    coalesce(sum(exits), 0) AS exits,
    round(100.0 * sum(bounces) / nullif(sum(entries), 0), 2) AS bounce_rate_percent
  FROM part
  GROUP BY GROUPING SETS ((page_host, page_url), ())
),
/*part pages_candidate*/,
shown AS MATERIALIZED (
  SELECT page.id AS page_id, place FROM candidate JOIN page USING (page_host, page_url)
),
seen AS (
  SELECT place, count(DISTINCT person_id) AS visitors
  FROM (
    SELECT place, person_id
    FROM (
      SELECT unnest(pages) AS page_id, person_id
      FROM session
      WHERE is_whole AND ($4 = 'visitors' OR pages && (SELECT array_agg(page_id) FROM shown))
    ) AS view
    JOIN shown USING (page_id)
    UNION ALL
    SELECT place, person_id FROM cut JOIN candidate USING (page_host, page_url)
  ) AS person
  GROUP BY place
),
seen_any AS (
  SELECT count(DISTINCT person_id) AS visitors
  FROM (
    SELECT person_id
    FROM session
    WHERE is_whole AND (($5::text IS NULL AND $6::text IS NULL) OR pages && (SELECT array_agg(id) FROM page))
    UNION ALL
    SELECT person_id FROM cut
  ) AS person
),
placed AS (
  SELECT
    candidate.*,
    CASE WHEN is_total THEN seen_any.visitors ELSE coalesce(seen.visitors, 0) END AS visitors
  FROM candidate
  CROSS JOIN seen_any
  LEFT JOIN seen USING (place)
)
/*part pages_placed*/

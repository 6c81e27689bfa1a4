-- $1 from, $2 to: views made then; $3 the zone, in which nothing is counted; $4 what to sort by; $5 what a page's path is
-- like, with * for any text; $6 only pages of this host; $7 how many rows, $8 behind which place.
WITH view AS MATERIALIZED (
  SELECT
    coalesce(v.page_host, '') AS page_host,
    v.page_url,
    v.person_id,
    count(*) AS views,
    count(v.time_on_page_seconds) AS timed_views,
    coalesce(sum(v.time_on_page_seconds), 0) AS time_on_page_seconds,
    count(v.scroll_depth_percent) AS scrolled_views,
    coalesce(sum(v.scroll_depth_percent), 0) AS scroll_depth_percent,
    count(*) FILTER (WHERE v.id = s.entry_view_id) AS entries,
    count(*) FILTER (WHERE v.id = s.exit_view_id) AS exits,
    count(*) FILTER (WHERE v.id = s.entry_view_id AND s.views = 1) AS bounces
  FROM page_views AS v
  JOIN session_summaries AS s ON s.session_id = v.session_id AND s.person_id = v.person_id
    AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
  WHERE v.viewed_at >= $1::timestamptz AND v.viewed_at < $2::timestamptz AND $3 <> ''
    AND ($5::text IS NULL OR v.page_url LIKE like_pattern($5))
    AND ($6::text IS NULL OR v.page_host = $6)
    /*where s*/
  GROUP BY 1, 2, 3
),
figures AS (
  SELECT
    false AS is_total,
    page_host,
    page_url,
    count(*) AS visitors,
    sum(views) AS views,
    sum(timed_views) AS timed_views,
    sum(time_on_page_seconds) AS time_on_page_seconds,
    sum(scrolled_views) AS scrolled_views,
    sum(scroll_depth_percent) AS scroll_depth_percent,
    sum(entries) AS entries,
    sum(exits) AS exits,
    sum(bounces) AS bounces
  FROM view
  GROUP BY page_host, page_url
  UNION ALL
  SELECT
    true,
    NULL,
    NULL,
    count(DISTINCT person_id),
    coalesce(sum(views), 0),
    sum(timed_views),
    sum(time_on_page_seconds),
    sum(scrolled_views),
    sum(scroll_depth_percent),
    coalesce(sum(entries), 0),
    coalesce(sum(exits), 0),
    coalesce(sum(bounces), 0)
  FROM view
),
ranked AS (
  SELECT
    *,
    round(time_on_page_seconds::numeric / nullif(timed_views, 0), 2) AS avg_time_on_page_seconds,
    round(scroll_depth_percent::numeric / nullif(scrolled_views, 0), 2) AS avg_scroll_depth_percent,
    round(100.0 * bounces / nullif(entries, 0), 2) AS bounce_rate_percent
  FROM figures
),
placed AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY is_total
      ORDER BY CASE $4
        WHEN 'visitors' THEN visitors
        WHEN 'time' THEN avg_time_on_page_seconds
        WHEN 'scroll' THEN avg_scroll_depth_percent
        WHEN 'entries' THEN entries
        WHEN 'exits' THEN exits
        WHEN 'bounce' THEN bounce_rate_percent
        ELSE views END DESC NULLS LAST, views DESC, page_url COLLATE "C", page_host COLLATE "C"
    ) AS place
  FROM ranked
)
SELECT
  is_total,
  place AS cursor,
  page_url AS page,
  nullif(page_host, '') AS host,
  views,
  visitors,
  avg_time_on_page_seconds,
  avg_scroll_depth_percent,
  entries,
  exits,
  bounce_rate_percent
FROM placed
WHERE is_total OR (place > $8::bigint AND place <= $8::bigint + $7::bigint + 1)
ORDER BY is_total, place

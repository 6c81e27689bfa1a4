-- The pages of whole days of the reporting time zone, by views, of sessions of which one dimension has one of some values, from what is
-- kept of these by the day. $1 to $9 as in report_pages.sql, of them $5 and $6 NULL; report_pages_known.sql says where it is asked.
-- Days that are not kept are asked from their sessions, those that follow one another at once. A page that is not kept on a day that is,
-- has no more views than the day's values say; where it may be among those that are shown, the sessions of that day are asked for it.
WITH
/*part pages_kept*/,
opened AS MATERIALIZED (
  WITH asked_day AS MATERIALIZED (
    SELECT day_begin(min(date), $3) AS begins_at, day_begin(max(date) + 1, $3) AS ends_at, NULL::integer[] AS page_ids
    FROM (SELECT date, date - row_number() OVER (ORDER BY date)::integer AS run FROM day WHERE NOT is_kept) AS numbered
    GROUP BY run
  ),
  /*part pages_of_days*/
),
page AS (
  SELECT
    page_id,
    min(page) AS page,
    sum(views) AS views,
    (SELECT coalesce(sum(views_at_most), 0) FROM kept_value) - sum(known_at_most) AS more_at_most
  FROM (
    SELECT kept.page_id, NULL AS page, kept.views, kept_value.views_at_most AS known_at_most
    FROM kept
    JOIN kept_value USING (date, value_id)
    WHERE kept.page_id > 0
    UNION ALL
    SELECT page_id, page, views, 0 FROM opened
  ) AS part
  GROUP BY page_id
),
wanted AS MATERIALIZED (
  SELECT page_id, page
  FROM page
  WHERE $9::jsonb IS NULL AND views + more_at_most >= coalesce(
    (SELECT views FROM page ORDER BY views DESC LIMIT 1 OFFSET $8::bigint + $7::bigint), 0)
  UNION ALL
  SELECT page_id, page FROM asked_page
),
found AS MATERIALIZED (
  WITH asked_day AS MATERIALIZED (
    SELECT day_begin(date, $3) AS begins_at, day_begin(date + 1, $3) AS ends_at, array_agg(page_id) AS page_ids
    FROM (SELECT date, page_id FROM day, wanted WHERE is_kept EXCEPT SELECT date, page_id FROM known_page) AS unknown
    GROUP BY date
  ),
  /*part pages_of_days*/
),
named AS MATERIALIZED (
  SELECT
    page_id,
    left(text, greatest(strpos(text, '/') - 1, 0)) AS page_host,
    substr(text, greatest(strpos(text, '/'), 1)) AS page_url
  FROM wanted
  LEFT JOIN dimension_values ON id = page_id
  CROSS JOIN LATERAL (SELECT coalesce(value, page) AS text) AS whole
),
part AS MATERIALIZED (
  SELECT page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces, persons
  FROM kept
  JOIN known_page USING (date, page_id)
  UNION ALL
  SELECT page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces, persons
  FROM opened
  UNION ALL
  SELECT page_id, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces, persons
  FROM found
),
whole AS MATERIALIZED (
  SELECT views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces, persons
  FROM kept
  WHERE page_id = 0 AND $5::text IS NULL AND $6::text IS NULL
  UNION ALL
  SELECT views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces, persons
  FROM opened
),
figures AS (
  SELECT
    page_id IS NULL AS is_total,
    page_id,
    page_host,
    page_url,
    /*part pages_figures*/
  FROM (
    SELECT page_id, page_host, page_url, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces
    FROM part
    JOIN named USING (page_id)
    UNION ALL
    SELECT NULL, NULL, NULL, views, timed_views, time_on_page_seconds, scrolled_views, scroll_depth_percent, entries, exits, bounces
    FROM whole
  ) AS figure
  GROUP BY page_id, page_host, page_url
),
/*part pages_candidate*/,
seen AS (
  SELECT place, count(DISTINCT person_id) AS visitors
  FROM (SELECT place, unnest(persons) AS person_id FROM candidate JOIN part USING (page_id)) AS person
  GROUP BY place
),
seen_any AS (
  SELECT count(DISTINCT person_id) AS visitors FROM (SELECT unnest(persons) AS person_id FROM whole) AS person
),
/*part pages_seen*/
/*part pages_placed*/

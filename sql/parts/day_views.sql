-- The views of the sessions in `near`, each with the number of its row there. A page whose text nobody keeps, as only views behind the
-- first 1000 of a session may have, gets a number below 0 and brings its text.
SELECT
  number,
  page_id,
  NULL AS page,
  seconds,
  scroll,
  place = 1 AS is_entry,
  place = session_views AS is_exit,
  session_views = 1 AS is_bounce
FROM (
  SELECT
    number,
    views AS session_views,
    generate_series(1, views) AS place,
    unnest(pages) AS page_id,
    unnest(view_seconds) AS seconds,
    unnest(view_scrolls) AS scroll
  FROM near
  WHERE is_whole
) AS whole
UNION ALL
SELECT
  number,
  coalesce(named.id, -1 - (hashtext(text.page) & 1073741823)),
  CASE WHEN named.id IS NULL THEN text.page END,
  view.time_on_page_seconds,
  view.scroll_depth_percent,
  view.id = near.entry_view_id,
  view.id = near.exit_view_id,
  view.id = near.entry_view_id AND near.views = 1
FROM near
CROSS JOIN LATERAL (
  SELECT *
  FROM page_views AS own
  WHERE own.session_id = near.session_id AND own.person_id = near.person_id
    AND own.viewed_at >= near.begins_at AND own.viewed_at < near.ends_at
    AND own.viewed_at >= $1::timestamptz AND own.viewed_at < $2::timestamptz -- so that no other month is planned for
  OFFSET 0
) AS view
CROSS JOIN LATERAL (SELECT coalesce(view.page_host, '') || view.page_url AS page) AS text
LEFT JOIN LATERAL (SELECT id FROM dimension_values WHERE value = text.page OFFSET 0) AS named ON true
WHERE NOT near.is_whole

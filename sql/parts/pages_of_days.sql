-- By page, what the filter's sessions saw in the spans of `asked_day`; page_ids: of each only these pages, NULL for all.
/*part day_sessions*/
SELECT
  page_id,
  min(page) AS page,
  count(*) AS views,
  count(seconds) AS timed_views,
  sum(seconds) AS time_on_page_seconds,
  count(scroll) AS scrolled_views,
  sum(scroll) AS scroll_depth_percent,
  count(*) FILTER (WHERE is_entry) AS entries,
  count(*) FILTER (WHERE is_exit) AS exits,
  count(*) FILTER (WHERE is_bounce) AS bounces,
  array_agg(person_id) AS persons
FROM (
  /*part day_views*/
) AS view
JOIN near USING (number)
WHERE page_ids IS NULL OR page_id = ANY (page_ids)
GROUP BY page_id

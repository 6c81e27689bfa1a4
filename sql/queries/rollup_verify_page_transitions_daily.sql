-- From page to page within the sessions of the days from $1 to $2, the end not included: pairs with most transitions, as many
-- as are kept, the rest of each page that is the first of one, and the rest of all others.
WITH transition AS (
  SELECT date, session_id, page_ids[at] AS from_id, page_ids[at + 1] AS to_id, way.pages[at] AS from_page, way.pages[at + 1] AS to_page
  FROM recount_sessions
  JOIN recount_ways AS way USING (session_id)
  CROSS JOIN LATERAL generate_series(1, cardinality(page_ids) - 1) AS at
  WHERE is_first AND date >= $1::date AND date < $2::date
),
ranked AS (
  SELECT date, from_page, to_page,
    row_number() OVER (PARTITION BY date ORDER BY count(*) DESC, from_page COLLATE "C", to_page COLLATE "C") AS rank
  FROM transition GROUP BY date, from_page, to_page
),
known AS (
  SELECT DISTINCT date, from_page, true AS is_known FROM ranked WHERE rank <= (SELECT pages_max FROM rollup_state)
),
kept AS (
  SELECT date, session_id,
    CASE WHEN is_known THEN from_id ELSE 1 END AS from_page_id,
    CASE WHEN rank > (SELECT pages_max FROM rollup_state) THEN 1 ELSE to_id END AS to_page_id
  FROM transition JOIN ranked USING (date, from_page, to_page) LEFT JOIN known USING (date, from_page)
),
recount AS (
  SELECT date, from_page_id, to_page_id, count(*)::integer AS transitions, count(DISTINCT session_id)::integer AS sessions
  FROM kept GROUP BY date, from_page_id, to_page_id
),
stored AS (
  SELECT * FROM page_transitions_daily WHERE date >= $1::date AND date < $2::date
),
told AS (
  INSERT INTO verify_pairs
  SELECT 'page_transitions_daily', concat_ws(' ', date, from_page.value, '→', to_page.value), to_jsonb(s), to_jsonb(r)
  FROM stored AS s FULL JOIN recount AS r USING (date, from_page_id, to_page_id)
  LEFT JOIN dimension_values AS from_page ON from_page.id = from_page_id
  LEFT JOIN dimension_values AS to_page ON to_page.id = to_page_id
  WHERE s IS DISTINCT FROM r
)
SELECT count(*) FROM stored

-- From one page to the next of the same session, repeats of a page left out. $1 from, $2 to: when the session began; $3 the
-- zone, in which nothing is counted; $4 a page that either of them is like, with * for any text; $5 how many rows, $6 behind
-- which place.
WITH step AS MATERIALIZED (
  SELECT from_id, to_id, count(*) AS transitions, count(DISTINCT session_id) AS sessions
  FROM (
    SELECT s.session_id, page AS from_id, lead(page) OVER (PARTITION BY s.session_id ORDER BY place) AS to_id
    FROM session_summaries AS s, unnest(s.pages) WITH ORDINALITY AS way (page, place)
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.is_first AND cardinality(s.pages) > 1
      AND $3 <> ''
      /*where s*/
  ) AS pair
  WHERE to_id IS NOT NULL AND to_id <> from_id
  GROUP BY from_id, to_id
),
figures AS (
  SELECT from_page.value AS from_page, to_page.value AS to_page, transitions, sessions
  FROM step
  JOIN dimension_values AS from_page ON from_page.id = from_id
  JOIN dimension_values AS to_page ON to_page.id = to_id
  WHERE $4::text IS NULL OR EXISTS (
    SELECT
    FROM (VALUES (from_page.value), (substr(from_page.value, strpos(from_page.value, '/'))),
      (to_page.value), (substr(to_page.value, strpos(to_page.value, '/')))) AS page (text)
    WHERE text LIKE like_pattern($4))
),
placed AS (
  SELECT
    *,
    sum(transitions) OVER (PARTITION BY from_page) AS from_transitions,
    row_number() OVER (ORDER BY transitions DESC, from_page COLLATE "C", to_page COLLATE "C") AS place
  FROM figures
)
SELECT
  false AS is_total,
  place AS cursor,
  from_page,
  to_page,
  transitions,
  sessions,
  round(100.0 * transitions / from_transitions, 2) AS share_percent
FROM placed
WHERE place > $6::bigint AND place <= $6::bigint + $5::bigint + 1
ORDER BY place

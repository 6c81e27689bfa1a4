-- From one page to the next of the same session, repeats of a page left out. $1 from, $2 to: when the session began; $3 the
-- zone, in which nothing is counted; $4 a page that either of them is like, with * for any text; $5 how many rows, $6 behind
-- which place. Sessions are told apart, and names looked up, for
-- the rows that may be shown only.
WITH looked_at AS MATERIALIZED (
  SELECT array_agg(id) AS ids
  FROM dimension_values
  WHERE value LIKE like_pattern($4) OR substr(value, strpos(value, '/')) LIKE like_pattern($4)
),
step AS MATERIALIZED (
  SELECT from_id, to_id, count(*) AS transitions
  FROM looked_at
  CROSS JOIN session_summaries AS s
  CROSS JOIN LATERAL unnest(s.pages, s.pages[2:]) AS way (from_id, to_id)
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (s.is_first /*first s*/) AND cardinality(s.pages) > 1
    AND $3 <> '' AND from_id <> to_id
    AND ($4::text IS NULL OR from_id = ANY (looked_at.ids) OR to_id = ANY (looked_at.ids))
    /*where s*/
  GROUP BY from_id, to_id
),
shown AS MATERIALIZED (
  SELECT
    *,
    $6::bigint + row_number() OVER (ORDER BY transitions DESC, from_page COLLATE "C", to_page COLLATE "C") AS place
  FROM (
    SELECT from_id, to_id, from_page.value AS from_page, to_page.value AS to_page, transitions
    FROM step
    JOIN dimension_values AS from_page ON from_page.id = from_id
    JOIN dimension_values AS to_page ON to_page.id = to_id
    WHERE transitions >= coalesce(
      (SELECT least.transitions FROM step AS least ORDER BY least.transitions DESC LIMIT 1 OFFSET $6::bigint + $5::bigint), 0)
    ORDER BY transitions DESC, from_page.value COLLATE "C", to_page.value COLLATE "C"
    LIMIT $5::bigint + 1 OFFSET $6::bigint
  ) AS figures
),
taken AS (
  SELECT from_id, to_id, count(*) AS sessions
  FROM (
    SELECT DISTINCT s.session_id, from_id, to_id
    FROM session_summaries AS s
    CROSS JOIN LATERAL unnest(s.pages, s.pages[2:]) AS way (from_id, to_id)
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (s.is_first /*first s*/) AND cardinality(s.pages) > 1
      AND (from_id, to_id) IN (SELECT from_id, to_id FROM shown)
      /*where s*/
  ) AS of_session
  GROUP BY from_id, to_id
),
whole AS (
  SELECT from_id, sum(transitions) AS from_transitions FROM step GROUP BY from_id
)
SELECT
  false AS is_total,
  place AS cursor,
  from_page,
  to_page,
  transitions,
  sessions,
  round(100.0 * transitions / from_transitions, 2) AS share_percent
FROM shown
JOIN taken USING (from_id, to_id)
JOIN whole USING (from_id)
ORDER BY place

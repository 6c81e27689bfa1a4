-- From one page to the next of the same session, repeats of a page left out. $1 from, $2 to: when the session began; $3 the
-- zone, in which nothing is counted; $4 a page that either of them is like, with * for any text; $5 how many rows, $6 behind
-- which place. Sessions are told apart, and names looked up, for the rows that may be shown only.
WITH looked_at AS MATERIALIZED (
  SELECT coalesce(array_agg(id), '{}') AS ids
  FROM dimension_values
  WHERE value LIKE like_pattern($4) OR substr(value, strpos(value, '/')) LIKE like_pattern($4)
),
step AS MATERIALIZED (
  SELECT from_id, to_id, count(*) AS transitions
  FROM (
    SELECT unnest(s.pages) AS from_id, unnest(s.pages[2:]) AS to_id
    FROM session_summaries AS s
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (s.is_first /*first s*/) AND s.views > 1 AND $3 <> ''
      /*where s*/
  ) AS way
  WHERE from_id <> to_id
    AND ($4::text IS NULL OR from_id = ANY ((SELECT ids FROM looked_at)::integer[]) OR to_id = ANY ((SELECT ids FROM looked_at)::integer[]))
  GROUP BY from_id, to_id
),
shown AS MATERIALIZED (
  SELECT
    *,
    $6::bigint + row_number() OVER (ORDER BY transitions DESC, from_page COLLATE "C", to_page COLLATE "C") AS place
  FROM (
    SELECT from_id, to_id, from_page.value AS from_page, to_page.value AS to_page, transitions
    FROM step
    CROSS JOIN LATERAL (SELECT value FROM dimension_values WHERE id = from_id OFFSET 0) AS from_page
    CROSS JOIN LATERAL (SELECT value FROM dimension_values WHERE id = to_id OFFSET 0) AS to_page
    WHERE transitions >= coalesce(
      (SELECT least.transitions FROM step AS least ORDER BY least.transitions DESC LIMIT 1 OFFSET $6::bigint + $5::bigint), 0)
    ORDER BY transitions DESC, from_page.value COLLATE "C", to_page.value COLLATE "C"
    LIMIT $5::bigint + 1 OFFSET $6::bigint
  ) AS figures
),
taken AS (
  SELECT place, count(DISTINCT session_id) AS sessions
  FROM (
    SELECT s.session_id, unnest(s.pages) AS from_id, unnest(s.pages[2:]) AS to_id
    FROM session_summaries AS s
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (s.is_first /*first s*/) AND s.views > 1
      AND s.pages && (SELECT array_agg(from_id) FROM shown)
      /*where s*/
  ) AS way
  JOIN shown USING (from_id, to_id)
  GROUP BY place
),
whole AS (
  SELECT from_id, sum(transitions) AS from_transitions
  FROM step
  WHERE from_id IN (SELECT from_id FROM shown)
  GROUP BY from_id
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
JOIN taken USING (place)
JOIN whole USING (from_id)
ORDER BY place

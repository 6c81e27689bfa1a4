-- From one page to the next of the same session, repeats of a page left out. $1 from, $2 to: when the session began; $3 the
-- zone, in which nothing is counted; $4 a page that either of them is like, with * for any text; $5 how many rows, $6 behind
-- which place; $7 where given, only the pairs of these keys. Sessions are told apart, and names looked up, for the rows that may
-- be shown only.
WITH looked_at AS MATERIALIZED (
  SELECT coalesce(array_agg(id), '{}') AS ids
  FROM dimension_values
  WHERE value LIKE like_pattern($4) OR substr(value, strpos(value, '/')) LIKE like_pattern($4)
),
step AS MATERIALIZED (
  SELECT from_id, to_id, count(*) AS transitions, NULL::bigint AS sessions
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
/*part transitions_shown*/,
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
  taken.sessions,
  round(100.0 * transitions / from_transitions, 2) AS share_percent
FROM shown
JOIN taken USING (place)
JOIN whole USING (from_id)
ORDER BY place

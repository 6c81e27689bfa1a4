-- The transitions of whole days of the reporting time zone, without a filter. $1 to $7 as in report_transitions.sql.
-- What is kept by the day is enough where it has all that can be shown, with every day of it: a pair that is not kept on a day
-- has no more transitions then than the least of those that are. Else, and where a page is asked for, the sessions are asked. Of
-- pairs asked for by their keys all must be kept on every day.
WITH
/*part range_dates*/,
day AS MATERIALIZED (
  SELECT date, from_page_id AS from_id, to_page_id AS to_id, transitions, sessions
  FROM range
  JOIN page_transitions_daily ON date BETWEEN first_date AND last_date
),
cut_day AS MATERIALIZED (
  SELECT date, min(transitions) FILTER (WHERE to_id <> 1) AS least FROM day GROUP BY date HAVING bool_or(to_id = 1)
),
pair AS MATERIALIZED (
  SELECT from_id, to_id, sum(transitions) AS transitions, sum(sessions) AS sessions,
    (SELECT coalesce(sum(least), 0) FROM cut_day) - coalesce(sum(least), 0) AS more_at_most
  FROM day
  LEFT JOIN cut_day USING (date)
  WHERE to_id <> 1
  GROUP BY from_id, to_id
),
last AS (
  SELECT transitions FROM pair ORDER BY transitions DESC LIMIT 1 OFFSET $6::bigint + $5::bigint
),
known AS MATERIALIZED (
  SELECT $4::text IS NULL AND (
    NOT EXISTS (SELECT FROM cut_day)
    OR CASE WHEN $7::jsonb IS NULL
      THEN coalesce((SELECT transitions FROM last) > greatest(
        (SELECT sum(least) FROM cut_day),
        (SELECT max(transitions + more_at_most) FROM pair WHERE more_at_most > 0)), false)
      ELSE NOT EXISTS (
        SELECT
        FROM jsonb_array_elements($7::jsonb) AS asked
        LEFT JOIN dimension_values AS from_known ON from_known.value = asked ->> 0
        LEFT JOIN dimension_values AS to_known ON to_known.value = asked ->> 1
        LEFT JOIN pair ON pair.from_id = from_known.id AND pair.to_id = to_known.id
        WHERE pair.more_at_most IS DISTINCT FROM 0
      ) END) AS is_known
),
looked_at AS MATERIALIZED (
  SELECT coalesce(array_agg(id), '{}') AS ids
  FROM dimension_values
  WHERE value LIKE like_pattern($4) OR substr(value, strpos(value, '/')) LIKE like_pattern($4)
),
step AS MATERIALIZED (
  SELECT from_id, to_id, transitions, sessions FROM pair WHERE (SELECT is_known FROM known)
  UNION ALL
  SELECT from_id, to_id, count(*), NULL
  FROM (
    SELECT unnest(s.pages) AS from_id, unnest(s.pages[2:]) AS to_id
    FROM session_summaries AS s
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.is_first AND s.views > 1
      AND NOT (SELECT is_known FROM known)
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
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.is_first AND s.views > 1
      AND s.pages && (SELECT array_agg(from_id) FROM shown) AND NOT (SELECT is_known FROM known)
  ) AS way
  JOIN shown USING (from_id, to_id)
  GROUP BY place
),
whole AS (
  SELECT from_id, sum(transitions) AS from_transitions
  FROM (
    SELECT from_id, transitions FROM day WHERE (SELECT is_known FROM known)
    UNION ALL
    SELECT from_id, transitions FROM step WHERE NOT (SELECT is_known FROM known)
  ) AS counted
  WHERE from_id IN (SELECT from_id FROM shown)
  GROUP BY from_id
)
SELECT
  false AS is_total,
  place AS cursor,
  from_page,
  to_page,
  transitions,
  coalesce(shown.sessions, taken.sessions) AS sessions,
  round(100.0 * transitions / from_transitions, 2) AS share_percent
FROM shown
JOIN whole USING (from_id)
LEFT JOIN taken USING (place)
ORDER BY place

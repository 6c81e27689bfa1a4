-- From page to page in the sessions of the day that begins at $1.
WITH bucket AS (
  SELECT timezone, pages_max, ($1::timestamptz AT TIME ZONE timezone)::date AS date FROM rollup_state
), step AS (
  SELECT s.session_id, page AS to_page, lag(page) OVER (PARTITION BY s.session_id ORDER BY number) AS from_page
  FROM bucket, session_summaries s
  CROSS JOIN unnest(s.pages) WITH ORDINALITY AS p (page, number)
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND s.date = bucket.date
    AND s.is_first AND s.views > 1
), pair AS (
  SELECT from_page, to_page, session_id, count(*) AS transitions
  FROM step
  WHERE from_page <> to_page
  GROUP BY from_page, to_page, session_id
), text AS ( -- one by one: the dictionary is that of all history
  SELECT id, value
  FROM (SELECT from_page AS id FROM pair UNION SELECT to_page FROM pair) AS used
  CROSS JOIN LATERAL (SELECT value FROM dimension_values d WHERE d.id = used.id OFFSET 0) AS d
), ranked AS (
  SELECT from_page, to_page, row_number() OVER (ORDER BY transitions DESC, f.value COLLATE "C", t.value COLLATE "C") AS rank
  FROM (SELECT from_page, to_page, sum(transitions) AS transitions FROM pair GROUP BY from_page, to_page) AS total
  JOIN text f ON f.id = from_page
  JOIN text t ON t.id = to_page
), fresh (
    date, from_page_id, to_page_id, transitions, sessions
) AS (
  SELECT date, CASE WHEN best_rank <= pages_max THEN from_page ELSE 1 END AS from_id,
    CASE WHEN rank <= pages_max THEN to_page ELSE 1 END AS to_id, sum(transitions), count(DISTINCT session_id)
  FROM bucket, pair
  JOIN (SELECT *, min(rank) OVER (PARTITION BY from_page) AS best_rank FROM ranked) AS placed USING (from_page, to_page)
  GROUP BY 1, 2, 3
), gone AS (
  DELETE FROM page_transitions_daily t
  WHERE t.date = (SELECT date FROM bucket) AND NOT EXISTS (SELECT FROM fresh f WHERE f.from_page_id = t.from_page_id AND f.to_page_id = t.to_page_id)
)
INSERT INTO page_transitions_daily AS t
SELECT * FROM fresh
ON CONFLICT (date, from_page_id, to_page_id) DO UPDATE SET (
    date, from_page_id, to_page_id, transitions, sessions
  ) = ROW(EXCLUDED.*)
WHERE t IS DISTINCT FROM EXCLUDED

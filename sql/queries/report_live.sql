-- Who is there now: sessions with activity in the last five minutes, by the page they saw last. $1 how many rows,
-- $2 behind which place. What a filter says of a session is known when it has been counted, some seconds after it began.
WITH active AS MATERIALIZED (
  SELECT a.id, a.started_at, a.person_id
  FROM user_sessions AS a
  /*if where*/
  LEFT JOIN session_summaries AS s ON s.started_at = a.started_at AND s.session_id = a.id AND s.person_id = a.person_id
  /*if*/
  WHERE a.is_active AND a.started_at > now() - interval '25 hours' AND a.last_activity_at > now() - interval '5 minutes'
    /*where s*/
),
seen AS MATERIALIZED (
  SELECT active.id, active.person_id, last_view.page_host, last_view.page_url
  FROM active
  LEFT JOIN LATERAL (
    SELECT v.page_host, v.page_url
    FROM page_views AS v
    WHERE v.session_id = active.id AND v.viewed_at >= active.started_at - interval '1 day'
      AND v.viewed_at < active.started_at + interval '1 day'
    ORDER BY v.page_sequence_number DESC, v.id DESC
    LIMIT 1
  ) AS last_view ON true
),
figures AS (
  SELECT
    GROUPING(page_url) = 1 AS is_total,
    page_host,
    page_url,
    count(DISTINCT person_id) AS visitors,
    count(DISTINCT id) AS sessions
  FROM seen
  GROUP BY GROUPING SETS ((page_host, page_url), ())
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY is_total ORDER BY visitors DESC, sessions DESC, page_url COLLATE "C", page_host COLLATE "C")
      AS place
  FROM figures
)
SELECT is_total, place AS cursor, page_url AS page, page_host AS host, visitors, sessions
FROM placed
WHERE is_total OR (place > $2::bigint AND place <= $2::bigint + $1::bigint + 1)
ORDER BY is_total, place

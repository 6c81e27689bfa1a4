-- The next $2 sessions of the person $1, where others used them too: what is said of the others' is made of their own rows, as far
-- as these tell.
WITH batch AS (
  SELECT started_at, id FROM user_sessions WHERE person_id = $1::bigint ORDER BY started_at, id LIMIT $2::bigint
), shared AS (
  SELECT DISTINCT s.started_at, s.id, s.last_activity_at
  FROM batch AS b JOIN user_sessions AS s ON s.started_at = b.started_at AND s.id = b.id
  WHERE s.person_id <> $1::bigint
), row AS (
  SELECT s.started_at, s.id AS session_id, s.last_activity_at, v.id, v.viewed_at AS at, v.exited_at, v.page_host, v.page_url,
    v.page_category
  FROM shared AS s
  JOIN page_views AS v ON v.session_id = s.id AND v.person_id <> $1::bigint
    AND v.viewed_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  UNION ALL
  SELECT s.started_at, s.id, s.last_activity_at, e.id, e.created_at, NULL, NULL, NULL, NULL
  FROM shared AS s
  JOIN user_events AS e ON e.session_id = s.id AND e.person_id <> $1::bigint
    AND e.created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
), rest AS (
  SELECT DISTINCT ON (started_at, session_id) started_at, session_id, id, page_host, page_url, page_category,
    max(GREATEST(at, CASE WHEN exited_at <= last_activity_at THEN exited_at END)) OVER (PARTITION BY started_at, session_id) AS last_at
  FROM row ORDER BY started_at, session_id, id
), session AS (
  UPDATE user_sessions AS s SET first_hit_id = r.id, last_activity_at = GREATEST(r.last_at, s.started_at),
    ended_at = CASE WHEN s.ended_at IS NOT NULL THEN GREATEST(r.last_at, s.started_at) END, updated_at = now()
  FROM rest AS r
  WHERE s.started_at = r.started_at AND s.id = r.session_id AND s.person_id <> $1::bigint
    AND (s.first_hit_id, s.last_activity_at) <> (r.id, GREATEST(r.last_at, s.started_at))
)
UPDATE session_attribution AS a SET first_hit_id = r.id, first_hit_at = uuid7_ts(r.id), utm_term = NULL, click_id_type = NULL,
  click_id = NULL, referrer_url = NULL, search_term = NULL, landing_page_host = r.page_host, landing_page_url = r.page_url,
  landing_page_category = r.page_category
FROM rest AS r
WHERE a.started_at = r.started_at AND a.session_id = r.session_id AND a.person_id <> $1::bigint AND a.first_hit_id <> r.id

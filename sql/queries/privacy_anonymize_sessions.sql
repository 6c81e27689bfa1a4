-- The next $2 sessions of the person $1 become those of the request $3's pseudonym, with all that belongs to them: under new ids of
-- the same times, without what leads to a person. How many sessions; rows of each table.
WITH request AS (
  SELECT pseudonym FROM person_requests WHERE id = $3::bigint
), batch AS MATERIALIZED (
  SELECT s.started_at, s.id, s.last_activity_at, overlay(gen_random_uuid()::text PLACING left(s.id::text, 18) FROM 1 FOR 18)::uuid AS fresh,
    EXISTS (SELECT FROM user_sessions AS o
      WHERE o.started_at = s.started_at AND o.id = s.id AND o.person_id <> $1::bigint) AS is_shared
  FROM user_sessions AS s WHERE s.person_id = $1::bigint ORDER BY s.started_at, s.id LIMIT $2::bigint
), view AS MATERIALIZED (
  SELECT b.started_at, b.fresh AS session, v.viewed_at AS at, v.exited_at, v.id, v.context_id,
    overlay(gen_random_uuid()::text PLACING left(v.id::text, 18) FROM 1 FOR 18)::uuid AS fresh
  FROM batch AS b
  JOIN page_views AS v ON v.session_id = b.id AND v.person_id = $1::bigint
    AND v.viewed_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
), event AS MATERIALIZED (
  SELECT b.started_at, b.fresh AS session, e.created_at AS at, NULL::timestamptz AS exited_at, e.id, e.context_id,
    overlay(gen_random_uuid()::text PLACING left(e.id::text, 18) FROM 1 FOR 18)::uuid AS fresh
  FROM batch AS b
  JOIN user_events AS e ON e.session_id = b.id AND e.person_id = $1::bigint
    AND e.created_at BETWEEN b.started_at - interval '1 day' AND b.started_at + interval '1 day'
), row AS (
  SELECT * FROM view UNION ALL SELECT * FROM event
), own AS ( -- of sessions that others used: what the person's own rows say
  SELECT b.fresh, (array_agg(r.fresh ORDER BY r.id))[1] AS first_hit_id,
    GREATEST(max(r.at), max(r.exited_at) FILTER (WHERE r.exited_at <= b.last_activity_at)) AS last_at
  FROM batch AS b JOIN row AS r ON r.session = b.fresh GROUP BY b.fresh
), viewed AS (
  UPDATE page_views AS v SET id = n.fresh, session_id = n.session, person_id = request.pseudonym, browser_id = NULL,
    context_id = NULL, is_by_alias = NULL, page_title = NULL, external_referrer = NULL, query_params = NULL
  FROM view AS n, request
  WHERE v.viewed_at = n.at AND v.id = n.id AND v.person_id = $1::bigint
  RETURNING 1
), happened AS (
  UPDATE user_events AS e SET id = n.fresh, session_id = n.session, person_id = request.pseudonym, browser_id = NULL,
    context_id = NULL, is_by_alias = NULL, page_view_id = (SELECT fresh FROM view WHERE view.id = e.page_view_id), event_label = NULL,
    element_text = NULL, metadata = NULL
  FROM event AS n, request
  WHERE e.created_at = n.at AND e.id = n.id AND e.person_id = $1::bigint
  RETURNING 1
), attributed AS (
  UPDATE session_attribution AS a SET session_id = b.fresh, person_id = request.pseudonym,
    first_hit_id = coalesce(o.first_hit_id, b.fresh), utm_term = NULL, click_id = NULL, referrer_url = NULL, search_term = NULL
  FROM batch AS b LEFT JOIN own AS o ON o.fresh = b.fresh, request
  WHERE a.started_at = b.started_at AND a.session_id = b.id AND a.person_id = $1::bigint
  RETURNING 1
), session AS (
  UPDATE user_sessions AS s SET id = b.fresh, person_id = request.pseudonym, first_hit_id = coalesce(o.first_hit_id, b.fresh),
    browser_id = NULL, is_made_by_loader = false, ip_hash = NULL, ip_address_encrypted = NULL, user_agent = NULL,
    last_activity_at = CASE WHEN b.is_shared THEN GREATEST(s.started_at, o.last_at) ELSE s.last_activity_at END,
    ended_at = CASE WHEN s.ended_at IS NOT NULL AND b.is_shared THEN GREATEST(s.started_at, o.last_at) ELSE s.ended_at END,
    updated_at = now()
  FROM batch AS b LEFT JOIN own AS o ON o.fresh = b.fresh, request
  WHERE s.started_at = b.started_at AND s.id = b.id AND s.person_id = $1::bigint
  RETURNING 1
),
/*part privacy_beside*/,
noted AS (
  INSERT INTO changed_sessions (session_ids)
  SELECT array_agg(id) FROM (SELECT id FROM batch UNION ALL SELECT fresh FROM batch) AS session_ids HAVING count(*) > 0
)
SELECT (SELECT count(*) FROM session), jsonb_build_object(
  'user_sessions', (SELECT count(*) FROM session),
  'session_attribution', (SELECT count(*) FROM attributed),
  'page_views', (SELECT count(*) FROM viewed),
  'user_events', (SELECT count(*) FROM happened))

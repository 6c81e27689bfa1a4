-- Of the sessions $1 of persons $2: those that no view or event stands under any more, away with their attribution.
WITH gone AS (
  DELETE FROM user_sessions s
  USING (SELECT DISTINCT * FROM unnest($1::uuid[], $2::bigint[])) AS n (id, person_id)
  WHERE s.started_at = uuid7_ts(n.id) AND s.id = n.id AND s.person_id = n.person_id
    AND NOT EXISTS (SELECT FROM page_views v WHERE v.session_id = s.id AND v.person_id = s.person_id
      AND v.viewed_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day')
    AND NOT EXISTS (SELECT FROM user_events e WHERE e.session_id = s.id AND e.person_id = s.person_id
      AND e.created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day')
  RETURNING s.started_at, s.id, s.person_id
)
DELETE FROM session_attribution a USING gone g
WHERE a.started_at = g.started_at AND a.session_id = g.id AND a.person_id = g.person_id

-- Rows of browser $1, with ids from $3 to $4, that stand under the persons $2: to whom they belong by the aliases of now.
WITH candidate AS (
  SELECT r.created_at AS row_at, r.id, r.person_id AS old_person, alias_person($1::bigint, r.id) AS new_person
  FROM user_sessions s
  JOIN user_events r ON r.session_id = s.id AND r.person_id = s.person_id
    AND r.created_at BETWEEN s.started_at - interval '1 day' AND s.started_at + interval '1 day'
  WHERE s.person_id = ANY ($2::bigint[])
    AND s.started_at <= uuid7_ts($4::uuid) + interval '1 day' AND s.started_at >= uuid7_ts($3::uuid) - interval '1 day'
    AND r.id >= $3::uuid AND r.id < $4::uuid
    AND (r.person_id = $1::bigint OR (r.is_by_alias AND r.browser_id = $1::bigint))
), moved AS (
  UPDATE user_events r SET person_id = c.new_person, browser_id = $1::bigint, is_by_alias = true
  FROM candidate c
  WHERE r.created_at = c.row_at AND r.id = c.id AND r.person_id = c.old_person AND c.new_person <> c.old_person
    AND NOT EXISTS (SELECT FROM user_events t WHERE t.created_at = c.row_at AND t.id = c.id AND t.person_id = c.new_person)
  RETURNING r.session_id, c.old_person, c.new_person
)
-- Of sessions made by the loader, the whole run: without these rows it may fall apart. At most $5 are told.
SELECT DISTINCT coalesce(r.id, m.session_id), m.old_person, m.new_person, s.is_made_by_loader
FROM moved m
JOIN user_sessions s ON s.started_at = uuid7_ts(m.session_id) AND s.id = m.session_id AND s.person_id = m.old_person
LEFT JOIN user_sessions r ON s.is_made_by_loader AND r.is_made_by_loader AND r.person_id = m.old_person
  AND r.browser_id IS NOT DISTINCT FROM s.browser_id
  AND coalesce(r.run_started_at, r.started_at) = coalesce(s.run_started_at, s.started_at)
LIMIT $5::bigint

-- Activity that was put off, laid out anew: the greatest touch of each session, and in each row every n-th session by id, where
-- many are touched.
WITH pending AS (
  DELETE FROM session_touches RETURNING session_ids, touches
), touch AS (
  SELECT u.id, max(u.touch) AS touch, row_number() OVER (ORDER BY u.id) AS place, count(*) OVER () AS sessions
  FROM pending p, unnest(p.session_ids, p.touches) AS u (id, touch) GROUP BY u.id
)
INSERT INTO session_touches (session_ids, touches)
SELECT array_agg(id ORDER BY id), array_agg(touch ORDER BY id) FROM touch GROUP BY place % LEAST(16, 1 + sessions / 100)

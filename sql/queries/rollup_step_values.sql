-- The texts of the step, each with its id: the dictionary gets those it does not have.
WITH text AS (
  SELECT page AS value FROM step_views
  UNION SELECT host FROM step_views
  UNION SELECT category FROM step_views
  UNION SELECT text FROM step_sessions, unnest(texts) AS text WHERE text IS NOT NULL
), known AS (
  SELECT t.value, d.id
  FROM text t
  LEFT JOIN LATERAL (SELECT id FROM dimension_values d WHERE d.value = t.value OFFSET 0) AS d ON true
), added AS (
  INSERT INTO dimension_values (value) SELECT value FROM known WHERE id IS NULL ORDER BY value RETURNING value, id
)
INSERT INTO step_values (value, id)
SELECT value, id FROM known WHERE id IS NOT NULL
UNION ALL
SELECT value, id FROM added

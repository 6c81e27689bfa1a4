-- In the loader's turn: those that no row was found to name go.
WITH loose AS (
  DELETE FROM loose_contexts RETURNING context_id
), gone AS (
  DELETE FROM hit_contexts AS c USING loose AS l WHERE c.id = l.context_id RETURNING 1
)
SELECT jsonb_build_object('hit_contexts', count(*)) FROM gone

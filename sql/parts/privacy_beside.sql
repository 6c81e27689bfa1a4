-- What hangs on the sessions of the person $1 goes: of `batch`, the sessions; of `view`, their views; of `row`, these and their events.
leave AS (
  DELETE FROM session_leaves AS l USING view AS v WHERE l.page_view_id = v.id
), waiting AS (
  DELETE FROM waiting_leaves AS w USING view AS v WHERE w.page_view_id = v.id
), message AS (
  DELETE FROM message_times AS m USING row AS r
  WHERE m.message_hash = overlay(r.id::text PLACING '00000000-0000' FROM 1 FOR 13)::uuid
), context AS (
  INSERT INTO loose_contexts (context_id) SELECT DISTINCT context_id FROM row WHERE context_id IS NOT NULL
  ON CONFLICT DO NOTHING
), failure AS (
  DELETE FROM rollup_failures AS f USING batch AS b WHERE f.session_id = b.id
), months AS (
  UPDATE person_requests SET sessions_within = range_merge(sessions_within, b.began)
  FROM (SELECT tstzrange(min(started_at), max(started_at), '[]') AS began FROM batch HAVING count(*) > 0) AS b
  WHERE person_id = $1::bigint
)

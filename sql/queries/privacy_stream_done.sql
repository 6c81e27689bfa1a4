-- The request $1 is done with the stream $2; $3 hits have left it.
UPDATE person_requests SET streams = streams - $2,
  counts = jsonb_set(counts, '{buffer}', to_jsonb(coalesce((counts ->> 'buffer')::bigint, 0) + $3::bigint))
WHERE id = $1::bigint AND streams ? $2

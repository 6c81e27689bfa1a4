-- Of the stream $2, segments below $3 are meant by the request $1.
UPDATE person_requests SET streams = jsonb_set(streams, ARRAY[$2], to_jsonb($3::bigint)) WHERE id = $1::bigint AND streams ? $2

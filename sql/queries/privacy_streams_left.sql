-- Whether the request $1 waits for streams still. After $2 ms, what they held when it came to them is deleted in any case.
SELECT coalesce(streams <> '{}' AND step_at > now() - $2::bigint * interval '1 ms', false)
FROM person_requests WHERE id = $1::bigint

-- Where the request $1 stands with the stream $2, if it waits for it: which segments are meant (0: not known yet), and what is loaded.
SELECT coalesce((r.streams ->> $2)::bigint, 0), coalesce(l.segment, 0), coalesce(l.byte_offset, 0)
FROM person_requests AS r LEFT JOIN ingest_ledger AS l ON l.stream_id = ($2::text)::uuid
WHERE r.id = $1::bigint AND r.streams ? $2

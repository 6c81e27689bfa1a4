-- The request $1 waits for all streams there are: those that loaders know, and those of this machine, $2.
UPDATE person_requests SET streams = (
    SELECT coalesce(jsonb_object_agg(id, NULL), '{}')
    FROM (SELECT stream_id FROM ingest_ledger UNION SELECT unnest($2::uuid[])) AS stream (id))
WHERE id = $1::bigint AND streams IS NULL

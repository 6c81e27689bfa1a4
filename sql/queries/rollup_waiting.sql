-- What waits: sessions in notes, and buckets.
SELECT (SELECT coalesce(sum(cardinality(session_ids)), 0) FROM changed_sessions), (SELECT count(*) FROM changed_buckets)

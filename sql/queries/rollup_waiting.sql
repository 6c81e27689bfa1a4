-- What waits: sessions in notes, and buckets that are due.
SELECT (SELECT coalesce(sum(cardinality(session_ids)), 0) FROM changed_sessions), (SELECT count(*) FROM changed_buckets WHERE due_at <= now())

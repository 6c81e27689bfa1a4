-- Seconds for which something has been waiting to be counted.
SELECT round(coalesce(extract(epoch FROM now() - min(greatest(noted_at, due_at))), 0), 1)
FROM changed_buckets
WHERE due_at <= now()

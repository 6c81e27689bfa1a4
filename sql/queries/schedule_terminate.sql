-- Ends the session that works for run $1, as far as it is there.
SELECT pg_terminate_backend(backend_id)
FROM job_runs
WHERE id = $1::uuid AND ended_at IS NULL AND EXISTS (
  SELECT
  FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND pid = backend_id
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32 | objid::bigint) = job_lock(job_name)
)

-- Jobs that nobody runs and that somebody should, at $1 (ms): those whose time has come, those asked for, and those whose run
-- was lost.
SELECT name
FROM jobs
WHERE
  (
    next_run_at <= ms_ts($1::bigint)
    OR EXISTS (SELECT FROM job_requests WHERE job_name = name AND run_id IS NULL)
    OR EXISTS (SELECT FROM job_runs WHERE job_name = name AND ended_at IS NULL)
  )
  AND NOT EXISTS (
    SELECT
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32 | objid::bigint) = job_lock(name)
  )

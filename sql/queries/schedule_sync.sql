-- Job $1 as the program has it: cron $2, zone $3, time-out $4 (ms), next run $5 (ms, null: off); it is $6 (ms). What is due
-- stays due, what waits for another try does so, and a time at which another machine has just run it does not come again.
-- What pg_cron runs has none.
INSERT INTO jobs (name, cron, timezone, timeout_ms, next_run_at)
VALUES ($1, $2, $3, $4::bigint, CASE WHEN $1 <> ALL (pg_cron_jobs()) THEN ms_ts($5::bigint) END)
ON CONFLICT (name) DO UPDATE SET
  cron = excluded.cron,
  timezone = excluded.timezone,
  timeout_ms = excluded.timeout_ms,
  next_run_at = CASE
    WHEN excluded.next_run_at IS NULL THEN NULL
    WHEN jobs.next_run_at <= ms_ts($6::bigint) THEN jobs.next_run_at
    WHEN excluded.next_run_at <= jobs.last_run_at AND jobs.last_run_at < ms_ts($6::bigint) + interval '1 hour'
      THEN jobs.next_run_at
    WHEN jobs.failures > 0 AND jobs.cron = excluded.cron THEN least(jobs.next_run_at, excluded.next_run_at)
    ELSE excluded.next_run_at
  END

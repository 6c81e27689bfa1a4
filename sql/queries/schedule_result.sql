-- The job of run $1, which has just ended, at $3 (ms): how it went, and when it runs next, by its cron $2 (ms, null: off). What
-- was stopped stays due; so does what was lost, unless that happens again and again; a failure is tried again before its time. What was taken from the workers meanwhile
-- stays taken.
UPDATE jobs
SET
  last_run_at = run.started_at,
  last_duration_ms = ts_ms(run.ended_at) - ts_ms(run.started_at),
  last_outcome = run.outcome,
  last_error = run.error,
  last_machine = run.machine,
  failures = CASE run.outcome WHEN 'done' THEN 0 WHEN 'stopped' THEN failures ELSE failures + 1 END,
  next_run_at = CASE
    WHEN run.planned_at IS NULL OR next_run_at IS NULL OR run.outcome = 'stopped' OR (run.outcome = 'lost' AND failures < 2) THEN next_run_at
    WHEN run.outcome = 'done' OR $2::bigint IS NULL THEN ms_ts($2::bigint)
    ELSE least(ms_ts($2::bigint), ms_ts($3::bigint) + job_retry_wait(failures + 1))
  END
FROM job_runs AS run
WHERE run.id = $1::uuid AND jobs.name = run.job_name

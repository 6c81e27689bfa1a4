-- What became of request $1: how its run went (null: not over), the error, how long it took (ms); whether the job runs now.
SELECT
  run.outcome,
  run.error,
  ts_ms(run.ended_at) - ts_ms(run.started_at),
  EXISTS (SELECT FROM job_runs AS other WHERE other.job_name = request.job_name AND other.ended_at IS NULL)
FROM job_requests AS request
LEFT JOIN job_runs AS run ON run.id = request.run_id
WHERE request.id = $1::bigint

-- Run $1 ends with outcome $2, error $3, at $4 (ms); no row where it had ended.
UPDATE job_runs
SET ended_at = ms_ts($4::bigint), outcome = $2, error = $3
WHERE id = $1::uuid AND ended_at IS NULL
RETURNING job_name

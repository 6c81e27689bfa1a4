-- Of job $1 the last $2 runs stay, with what asked for them.
DELETE FROM job_runs
WHERE job_name = $1 AND ended_at IS NOT NULL
  AND id <= (SELECT id FROM job_runs WHERE job_name = $1 ORDER BY id DESC OFFSET $2::bigint LIMIT 1)

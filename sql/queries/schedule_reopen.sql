-- What run $1 was to answer is open again; not without end.
UPDATE job_requests AS request
SET run_id = NULL
FROM jobs
WHERE request.run_id = $1::uuid AND jobs.name = request.job_name AND jobs.failures < 3
  AND NOT EXISTS (SELECT FROM job_requests AS other WHERE other.job_name = request.job_name AND other.run_id IS NULL)

-- What runs when, and how it went. A run holds the advisory lock of its job in the session that works for it, for as long as it
-- works: a run that has not ended and holds no lock was lost.

CREATE TABLE jobs (
  name text PRIMARY KEY,
  cron text NOT NULL,                    -- in force: five fields, @daily and its like, @every 10s, or off
  timezone text NOT NULL,                -- that it is read by
  timeout_ms bigint NOT NULL,
  next_run_at timestamptz,               -- in the past: due; null: off
  last_run_at timestamptz,               -- beginning of the run that ended last
  last_duration_ms bigint,
  last_outcome text,                     -- of job_runs
  last_error text,
  last_machine text,
  failures integer NOT NULL DEFAULT 0    -- runs in a row that were neither done nor stopped
);

CREATE TABLE job_runs (
  id uuid PRIMARY KEY,                   -- UUIDv7
  job_name text NOT NULL REFERENCES jobs (name) ON DELETE CASCADE,
  planned_at timestamptz,                -- when it was due; null: it was only asked for
  started_at timestamptz NOT NULL,
  ended_at timestamptz,                  -- null: running, or lost
  outcome text CHECK (outcome IN ('done', 'failed', 'timed out', 'stopped', 'lost')),
  error text,                            -- one sentence
  machine text NOT NULL,
  backend_id integer NOT NULL            -- process of the server that works for it
);
CREATE INDEX idx_job_runs_job ON job_runs (job_name, id);
CREATE INDEX idx_job_runs_open ON job_runs (job_name) WHERE ended_at IS NULL;

-- Who wants a job to run now. Whoever may insert here may ask.
CREATE TABLE job_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_name text NOT NULL REFERENCES jobs (name) ON DELETE CASCADE,
  requested_at timestamptz NOT NULL DEFAULT now(),
  requested_by text NOT NULL,
  run_id uuid REFERENCES job_runs (id) ON DELETE CASCADE -- that answers it; null: open
);
CREATE UNIQUE INDEX idx_job_requests_open ON job_requests (job_name) WHERE run_id IS NULL;
CREATE INDEX idx_job_requests_run ON job_requests (run_id);

CREATE FUNCTION job_lock(job_name text) RETURNS bigint LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT hashtextextended(current_schema() || '.job.' || job_name, 0)
$$;

-- How long a job waits after that many failures in a row.
CREATE FUNCTION job_retry_wait(failures integer) RETURNS interval LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT least(interval '1 hour', interval '1 minute' * 2 ^ (least(failures, 10) - 1))
$$;

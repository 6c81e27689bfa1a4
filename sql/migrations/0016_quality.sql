-- Whether what is stored can be believed: what each check found, each time it ran. Kept for 90 days.
CREATE TABLE data_quality_checks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  check_name text NOT NULL,
  check_type text NOT NULL CHECK (check_type IN ('completeness', 'validity', 'consistency')),
  table_name text NOT NULL,
  status text NOT NULL CHECK (status IN ('pass', 'warn', 'fail')),
  message text NOT NULL,
  metric_value numeric,                  -- null: there was nothing to judge by
  threshold numeric NOT NULL,            -- what makes it a warning
  checked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_quality_checked ON data_quality_checks (checked_at);

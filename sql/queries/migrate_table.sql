-- What was applied to this schema; the sha256 is of the migration's file.
CREATE TABLE schema_migrations (
  number integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)

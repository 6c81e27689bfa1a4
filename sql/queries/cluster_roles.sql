-- The roles of a private cluster: one that owns everything of ours, one that may only read it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sojourn') THEN
    CREATE ROLE sojourn LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sojourn_reader') THEN
    CREATE ROLE sojourn_reader LOGIN;
    ALTER ROLE sojourn_reader SET default_transaction_read_only = on;
  END IF;
END $$

-- The roles of a private cluster: one that owns everything of ours, one that may only read it, and one that looks up who asks
-- and keeps sign-ins. What the last two may do, migrating grants.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sojourn') THEN
    CREATE ROLE sojourn LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sojourn_reader') THEN
    CREATE ROLE sojourn_reader LOGIN;
    ALTER ROLE sojourn_reader SET default_transaction_read_only = on;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sojourn_writer') THEN
    CREATE ROLE sojourn_writer LOGIN;
  END IF;
END $$

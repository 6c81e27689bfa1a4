-- Run in the database of a private cluster, as its owner: what is made there later can be read by the reader.
DO $$
BEGIN
  ALTER DEFAULT PRIVILEGES FOR ROLE sojourn GRANT USAGE ON SCHEMAS TO sojourn_reader;
  ALTER DEFAULT PRIVILEGES FOR ROLE sojourn GRANT SELECT ON TABLES TO sojourn_reader;
END $$

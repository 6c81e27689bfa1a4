-- Server, seconds since a batch was stored (null: never), hits in quarantine.
SELECT
  current_setting('server_version'),
  (SELECT greatest(0, extract(epoch FROM now() - max(updated_at)))::bigint FROM ingest_ledger),
  (SELECT count(*) FROM quarantine)

-- How far the log is written by now, and how far it is on disk, in bytes.
SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint, (pg_current_wal_flush_lsn() - '0/0')::bigint

-- Takes turns with the loaders (loader_lock), who write the same rows.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.loader', 0))

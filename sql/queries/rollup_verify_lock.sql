-- In turns with the loaders (loader_lock), beyond the end of a transaction: until rollup_verify_unlock, or the connection's end.
SELECT pg_advisory_lock(hashtextextended(current_schema() || '.loader', 0))

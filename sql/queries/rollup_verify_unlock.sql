SELECT pg_advisory_unlock(hashtextextended(current_schema() || '.loader', 0))

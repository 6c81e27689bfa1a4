SELECT pg_advisory_unlock(hashtextextended(current_schema() || '.privacy', 0))

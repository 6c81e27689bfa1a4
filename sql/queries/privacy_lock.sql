-- One at a time sees to requests, on however many machines.
SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.privacy', 0))

-- One refreshes at a time. Whether it is us; held until the connection ends or gives it back.
SELECT pg_try_advisory_lock(hashtextextended($1::text || '.rollup', 0))

SELECT pg_advisory_unlock(hashtextextended('sojourn.migrate.' || $1::text, 0))

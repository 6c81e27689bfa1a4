-- One migration of a schema at a time, from however many machines; until unlocked or disconnected. $1 schema.
SELECT pg_advisory_lock(hashtextextended('sojourn.migrate.' || $1::text, 0))

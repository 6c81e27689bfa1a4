-- Loaders take turns, transaction by transaction: what one decides from what it reads is still so when it commits.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.loader', 0))

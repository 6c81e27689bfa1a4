-- What was done more than $1 days ago.
DELETE FROM audit_log WHERE happened_at < now() - $1::bigint * interval '1 day'

-- Seconds that 99 of 100 sessions of the last day are not longer than.
SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_seconds)::numeric
FROM user_sessions
WHERE started_at >= now() - interval '1 day'

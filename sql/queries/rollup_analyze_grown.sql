-- What to run so that partitions are analyzed which hold rows from $1 to $2 and never were, or hold ten times what they did then.
-- Until autovacuum comes by, the planner could look for the rows of a session among all of its day.
SELECT 'ANALYZE ' || c.oid::regclass
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent IN ('page_views'::regclass, 'user_events'::regclass, 'user_sessions'::regclass, 'session_attribution'::regclass,
    'session_summaries'::regclass)
  AND right(c.relname, 7) BETWEEN to_char($1::timestamptz, 'YYYY_MM') AND to_char($2::timestamptz, 'YYYY_MM')
  AND pg_relation_size(c.oid) > 10 * c.relpages * current_setting('block_size')::bigint

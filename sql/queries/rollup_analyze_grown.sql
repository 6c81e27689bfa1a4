-- What to run so that partitions are analyzed which hold rows from $1 to $2 and never were, or hold ten times what they did then.
-- Until autovacuum comes by, the planner could look for the rows of a session among all of its day. To the one row of rollup_state it
-- never does: unanalyzed, that is taken for 590, by which the rows of whatever is joined with it are multiplied.
SELECT 'ANALYZE ' || c.oid::regclass
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent IN ('page_views'::regclass, 'user_events'::regclass, 'user_sessions'::regclass, 'session_attribution'::regclass,
    'session_summaries'::regclass)
  AND right(c.relname, 7) BETWEEN to_char($1::timestamptz, 'YYYY_MM') AND to_char($2::timestamptz, 'YYYY_MM')
  AND pg_relation_size(c.oid) > 10 * c.relpages * current_setting('block_size')::bigint
UNION ALL
SELECT 'ANALYZE rollup_state' FROM pg_class WHERE oid = 'rollup_state'::regclass AND reltuples < 0

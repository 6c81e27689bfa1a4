-- What to run so that partitions are analyzed which hold rows from $1 to $2 and never were, or hold ten times what they did then.
-- Until autovacuum comes by, the planner could look for the rows of a session among all of its day. To the one row of rollup_state it
-- never does: unanalyzed, that is taken for 590, by which the rows of whatever is joined with it are multiplied.
SELECT 'ANALYZE ' || oid::regclass
FROM pg_class
WHERE oid = ANY (ARRAY(
    SELECT to_regclass(parent || to_char(month, '_YYYY_MM'))
    FROM generate_series(date_trunc('month', $1::timestamptz), $2::timestamptz, interval '1 month') AS month,
      unnest('{page_views,user_events,user_sessions,session_attribution,session_summaries}'::text[]) AS parent)::oid[])
  AND relispartition AND pg_relation_size(oid) > 10 * relpages * current_setting('block_size')::bigint
UNION ALL
SELECT 'ANALYZE rollup_state' FROM pg_class WHERE oid = 'rollup_state'::regclass AND reltuples < 0

-- Partitions that were never analyzed, or hold ten times what they did then. Until autovacuum comes by, the planner could look for
-- the rows of a session among all of its days.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN
    SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('page_views'::regclass, 'user_events'::regclass, 'user_sessions'::regclass, 'session_attribution'::regclass,
        'session_summaries'::regclass)
      AND pg_relation_size(c.oid) > 10 * c.relpages * current_setting('block_size')::bigint
  LOOP
    EXECUTE 'ANALYZE ' || part;
  END LOOP;
END
$$

-- Roll-ups made anew in another time zone: in a copy of their tables in a schema of its own, <schema>_rollup, which stands
-- before ours in the search_path of who makes them; readers have the old ones until the copy takes their place. What is noted
-- meanwhile goes to the copy. So where a rebuild was begun, one must be ended: rebuilding_timezone says so.
ALTER TABLE rollup_state ADD COLUMN rebuilding_timezone text;

CREATE FUNCTION rollup_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['session_summaries', 'person_days', 'visitor_returns', 'overview_hourly', 'overview_daily', 'session_metrics_daily',
    'page_metrics_hourly', 'page_metrics_daily', 'breakdown_daily', 'page_transitions_daily', 'user_journey_paths',
    'event_metrics_daily']
$$;

-- Months of session_summaries that the copy does not have yet.
CREATE FUNCTION rollup_rebuild_months(schema_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part record;
  copy text := schema_name || '_rollup';
BEGIN
  FOR part IN
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('%I.session_summaries', schema_name)::regclass
      AND to_regclass(format('%I.%I', copy, c.relname)) IS NULL
  LOOP
    EXECUTE format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.session_summaries %3$s', copy, part.name, part.bound);
  END LOOP;
END $$;

-- Begins with an empty copy, whatever an earlier one came to, and all sessions yet to be counted.
CREATE FUNCTION rollup_rebuild_begin(schema_name text, zone text, pages integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
  copy text := schema_name || '_rollup';
BEGIN
  EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', copy);
  EXECUTE format('CREATE SCHEMA %I', copy);
  FOREACH name IN ARRAY rollup_tables() || '{changed_buckets,rollup_state}' LOOP
    EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %3$I.%2$I INCLUDING ALL) %4$s', copy, name, schema_name,
      CASE WHEN name = 'session_summaries' THEN 'PARTITION BY RANGE (started_at)' ELSE '' END);
  END LOOP;
  PERFORM rollup_rebuild_months(schema_name);
  EXECUTE format('INSERT INTO %I.rollup_state (timezone, pages_max) VALUES (%L, %L)', copy, zone, pages);
  UPDATE rollup_state SET rebuilding_timezone = zone;
END $$;

-- The copy takes the place of the tables, and may be read by whom they could be read by.
CREATE FUNCTION rollup_rebuild_end(schema_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
  part text;
  granted record;
  copy text := schema_name || '_rollup';
BEGIN
  EXECUTE format('LOCK TABLE %I.session_summaries IN ACCESS EXCLUSIVE MODE', schema_name);
  PERFORM rollup_rebuild_months(schema_name);
  FOREACH name IN ARRAY rollup_tables() LOOP
    FOR granted IN
      SELECT DISTINCT a.grantee, a.privilege_type
      FROM pg_class c, aclexplode(c.relacl) AS a
      WHERE c.oid = format('%I.%I', schema_name, name)::regclass AND a.grantee <> c.relowner
    LOOP
      EXECUTE format('GRANT %s ON %I.%I TO %s', granted.privilege_type, copy, name,
        CASE WHEN granted.grantee = 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END);
    END LOOP;
    EXECUTE format('DROP TABLE %I.%I', schema_name, name);
    FOR part IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE c.relkind = 'r' AND i.inhparent = format('%I.%I', copy, name)::regclass
    LOOP
      EXECUTE format('ALTER TABLE %I.%I SET SCHEMA %I', copy, part, schema_name);
    END LOOP;
    EXECUTE format('ALTER TABLE %I.%I SET SCHEMA %I', copy, name, schema_name);
  END LOOP;
  EXECUTE format('DELETE FROM %I.changed_buckets', schema_name);
  EXECUTE format('INSERT INTO %I.changed_buckets SELECT * FROM %I.changed_buckets', schema_name, copy);
  EXECUTE format('UPDATE %I.rollup_state AS s SET timezone = c.timezone, pages_max = c.pages_max, rebuilding_timezone = NULL'
    ' FROM %I.rollup_state AS c', schema_name, copy);
  EXECUTE format('DROP SCHEMA %I CASCADE', copy);
END $$;

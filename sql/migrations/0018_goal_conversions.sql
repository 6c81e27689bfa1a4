-- A conversion is an event of the category Conversion, or one whose action a goal names. Roll-ups are counted with the goals that
-- there were when the refresh looked last; where there are others, it notes the sessions that this reaches.
ALTER TABLE rollup_state ADD COLUMN goals text[] NOT NULL DEFAULT '{}'; -- the actions, as LIKE has them, sorted

-- Written so that the planner puts it in the place of its call.
CREATE FUNCTION is_conversion(category text, action text, goals text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(category = 'Conversion', false) OR coalesce(action LIKE ANY (goals), false)
$$;

-- What the goals that are saved now name.
CREATE FUNCTION saved_goals() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT like_pattern(definition ->> 'event')), '{}')
  FROM saved
  WHERE kind = 'goal' AND definition ? 'event'
$$;

-- As before, and the copy counts by the same goals.
CREATE OR REPLACE FUNCTION rollup_rebuild_begin(schema_name text, zone text, pages integer) RETURNS void LANGUAGE plpgsql AS $$
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
  EXECUTE format('INSERT INTO %I.rollup_state (timezone, pages_max, goals) SELECT %L, %L, goals FROM %I.rollup_state', copy, zone,
    pages, schema_name);
  UPDATE rollup_state SET rebuilding_timezone = zone;
END $$;

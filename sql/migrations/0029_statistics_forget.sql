-- What the planner knows of columns is values of rows: it forgets those of a person when they go.

ALTER TABLE person_requests
  ADD COLUMN sessions_within tstzrange NOT NULL DEFAULT 'empty', -- when those began that went
  DROP CONSTRAINT person_requests_step_check,
  ADD CONSTRAINT person_requests_step_check
    CHECK (step IN ('asked', 'rows', 'contexts', 'figures', 'texts', 'statistics', 'buffer'));
UPDATE person_requests SET sessions_within = '(,)'; -- of those under way nobody wrote it down

-- A row that says nothing, for a table that has none: it keeps to the types and is, in a partition, of its month. Gives its place;
-- null where the table's rules want more of a row.
CREATE FUNCTION blank_row_add(part regclass) RETURNS tid LANGUAGE plpgsql AS $$
DECLARE
  columns text;
  blanks text;
  place tid;
BEGIN
  SELECT string_agg(quote_ident(attname), ', '), string_agg(format('%L::%s', CASE
      WHEN typcategory = 'D' AND relispartition THEN (to_date(right(relname, 7), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC')::text
      WHEN typcategory = 'D' THEN 'epoch'
      WHEN typcategory = 'N' THEN '1'
      WHEN typcategory = 'A' THEN '{null}'
      WHEN typcategory = 'B' THEN 'true'
      WHEN typname = 'uuid' THEN '00000000-0000-0000-0000-000000000000'
      WHEN typname = 'jsonb' THEN '{}'
      WHEN typname = 'char' THEN 's'
      ELSE '' END, format_type(atttypid, atttypmod)), ', ')
  INTO columns, blanks
  FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid JOIN pg_class ON pg_class.oid = attrelid
  WHERE attrelid = part AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = '';
  EXECUTE format('INSERT INTO %s %s RETURNING ctid', part,
    CASE WHEN columns IS NULL THEN 'DEFAULT VALUES' ELSE format('(%s) VALUES (%s)', columns, blanks) END) INTO place;
  RETURN place;
EXCEPTION WHEN integrity_constraint_violation THEN
  RETURN NULL;
END $$;

-- Of rows that have gone the table's statistics say nothing afterwards. ANALYZE leaves those of a table without rows as they were: a
-- row that says nothing stands in there, which nobody else ever sees.
CREATE FUNCTION statistics_renew(part regclass) RETURNS void LANGUAGE plpgsql STRICT AS $$
DECLARE
  has_rows boolean;
  blank tid;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', part) INTO has_rows;
  IF NOT has_rows THEN
    blank := blank_row_add(part);
  END IF;
  EXECUTE format('ANALYZE %s', part);
  IF blank IS NOT NULL THEN
    EXECUTE format('DELETE FROM %s WHERE ctid = %L', part, blank);
  END IF;
END $$;

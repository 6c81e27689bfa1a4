-- Jobs that pg_cron runs in this database instead of a worker: those whose name it knows as SCHEMA.NAME. Its extension may come and
-- go, so what is its is only named in texts.

-- Whether pg_cron is in this database and we may use it.
CREATE FUNCTION has_pg_cron() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_or(has_schema_privilege(pg_namespace.oid, 'USAGE')), false)
  FROM pg_extension JOIN pg_namespace ON nspname = 'cron'
  WHERE extname = 'pg_cron'
$$;

CREATE FUNCTION pg_cron_jobs() RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  names text[];
BEGIN
  IF NOT has_pg_cron() THEN
    RETURN '{}';
  END IF;
  EXECUTE 'SELECT coalesce(array_agg(substr(jobname::text, length($1) + 1)), ''{}'') FROM cron.job
    WHERE starts_with(jobname::text, $1) AND active AND database = current_database() AND username = current_user'
  INTO names USING current_schema() || '.';
  RETURN names;
END $$;

-- Where it has the job already, it is changed. The worker has no next time for it then.
CREATE FUNCTION pg_cron_register(job_name text, schedule text, command text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SELECT cron.schedule($1, $2, $3)' USING current_schema() || '.' || job_name, schedule, command;
  UPDATE jobs SET next_run_at = NULL WHERE name = job_name;
END $$;

-- All of ours; how many it were. They are due for the worker then.
CREATE FUNCTION pg_cron_unregister() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  names text[] := pg_cron_jobs();
  job_name text;
BEGIN
  FOREACH job_name IN ARRAY names LOOP
    EXECUTE 'SELECT cron.unschedule($1)' USING current_schema() || '.' || job_name;
  END LOOP;
  UPDATE jobs SET next_run_at = now() WHERE name = ANY (names) AND cron <> 'off';
  RETURN cardinality(names);
END $$;

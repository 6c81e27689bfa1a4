-- What pg_cron runs for the job partitions, the months ahead being $1.
SELECT format('SET search_path TO %I; SELECT ensure_months(now() - interval ''1 month'', now() + interval ''%s months'')',
  current_schema(), $1::integer)

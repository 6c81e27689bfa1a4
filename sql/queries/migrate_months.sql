-- $1 how many months ahead.
SELECT ensure_months(now() - interval '1 month', now() + make_interval(months => $1::integer))

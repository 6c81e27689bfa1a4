-- From the month before $1 (ms) to $2 months after it.
SELECT ensure_months(ms_ts($1::bigint) - interval '1 month', ms_ts($1::bigint) + make_interval(months => $2::integer))

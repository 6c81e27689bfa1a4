SELECT ensure_months(ms_ts($1::bigint), ms_ts($1::bigint))

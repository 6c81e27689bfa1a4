-- Everything noted before $1 (ms) is in the figures.
UPDATE rollup_state SET refreshed_at = ms_ts($1::bigint)

-- What a connection needs that refreshes roll-ups.
SET plan_cache_mode = force_custom_plan;
SET jit = off; -- kinds of joins that are switched off make every plan look dear
SET work_mem = '64MB';
SET synchronous_commit = off; -- notes go with what was made of them, or both come back

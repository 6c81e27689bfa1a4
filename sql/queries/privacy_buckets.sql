-- Whether hours or days that were noted until $1 (ms) are yet to be counted.
SELECT EXISTS (SELECT FROM changed_buckets WHERE noted_at <= ms_ts($1::bigint))

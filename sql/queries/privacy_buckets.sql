-- Whether hours or days that were noted until $1 (ms) are yet to be counted. Of pages of values nothing is left when they are
-- noted.
SELECT EXISTS (SELECT FROM changed_buckets WHERE kind <> 'w' AND noted_at <= ms_ts($1::bigint))

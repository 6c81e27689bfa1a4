-- Month $2 of year $1: how many partitions were missing.
SELECT ensure_months(month, month) FROM make_timestamptz($1::integer, $2::integer, 1, 0, 0, 0, 'UTC') AS month

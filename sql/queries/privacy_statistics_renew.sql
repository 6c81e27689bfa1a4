-- The table $1, if it is still there.
SELECT statistics_renew(to_regclass($1))

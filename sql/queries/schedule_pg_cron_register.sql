-- Job $1 runs by cron $2 in pg_cron: statement $3.
SELECT pg_cron_register($1, $2, $3)

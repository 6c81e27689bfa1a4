SELECT pg_cron_unregister()

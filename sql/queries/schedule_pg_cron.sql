-- Whether jobs can be given to pg_cron here, and who we are where.
SELECT has_pg_cron(), current_database(), current_user

DELETE FROM data_quality_checks WHERE checked_at < now() - interval '90 days'

TRUNCATE recount_views, recount_events, recount_sessions, recount_ways

-- So that reports find the right plans behind a great change.
ANALYZE session_summaries, person_days, person_periods, visitor_returns, session_durations_daily, page_metrics_hourly, page_metrics_daily, breakdown_daily, page_paths_daily, value_pages_daily, user_journey_paths

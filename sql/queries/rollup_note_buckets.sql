-- Every bucket that depends on how many pages are kept apart.
INSERT INTO changed_buckets (kind, bucket)
SELECT 'p'::"char", hour FROM page_metrics_hourly
UNION SELECT kind, day_begin(date, timezone)
FROM rollup_state, (SELECT DISTINCT date FROM overview_daily) AS day, unnest('{s,v}'::"char"[]) AS kind
ON CONFLICT DO NOTHING

-- Percent of the last day's sessions whose type of device is not known; null: too few to tell.
SELECT CASE WHEN count(*) >= 20
  THEN round(100.0 * count(*) FILTER (WHERE coalesce(device_type, 'unknown') = 'unknown') / count(*), 2) END
FROM user_sessions
WHERE started_at >= now() - interval '1 day'

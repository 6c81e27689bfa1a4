-- Those in force and those that have ended within the last 90 days, the newest first.
SELECT
  coalesce(json_agg(json_build_object(
    'id', id::text,
    'name', name,
    'url', share_url,
    'filter', share_filter,
    'state', CASE WHEN revoked_at IS NOT NULL THEN 'withdrawn' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END,
    'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'expires_at', to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'last_used_at', to_char(last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  ) ORDER BY id DESC), '[]') AS listed
FROM api_tokens
WHERE role = 'share' AND least(revoked_at, expires_at) > now() - interval '90 days'

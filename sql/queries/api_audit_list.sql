-- $1 only what stands before this id, or null; $2 how many at the most. The newest first.
SELECT
  audit_log.id,
  to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS happened_at,
  action,
  outcome,
  token_id,
  name,
  role,
  subject
FROM audit_log
LEFT JOIN api_tokens ON api_tokens.id = token_id
WHERE coalesce(audit_log.id < $1::bigint, true)
ORDER BY audit_log.id DESC
LIMIT $2::integer

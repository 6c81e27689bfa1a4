-- At most once a minute, however many requests and processes there are.
UPDATE api_tokens
SET last_used_at = now()
WHERE id = $1::bigint AND coalesce(last_used_at < now() - interval '1 minute', true)

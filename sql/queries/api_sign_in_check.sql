-- $1 the cookie's hash, $2 that of the next one, which it becomes when it is an hour old. Two requests at once make one of
-- it: the second finds it done. The old cookie stays good until a minute after the next one was seen, since an answer may be
-- lost.
WITH found AS (
  SELECT
    sign_ins.id,
    token_id,
    role,
    name,
    share_filter,
    csrf,
    sign_ins.expires_at,
    cookie_sha256 = $1 AS is_current,
    coalesce(last_used_at < now() - interval '1 minute', true) AS is_use_stale
  FROM sign_ins
  JOIN api_tokens ON api_tokens.id = token_id
  WHERE (cookie_sha256 = $1 OR (previous_sha256 = $1 AND coalesce(previous_until > now(), true)))
    AND sign_ins.expires_at > now() AND revoked_at IS NULL AND (is_link OR coalesce(api_tokens.expires_at > now(), true))
),
rotated AS (
  UPDATE sign_ins
  SET cookie_sha256 = $2, previous_sha256 = $1, previous_until = NULL, rotated_at = now()
  FROM found
  WHERE sign_ins.id = found.id AND rotated_at < now() - interval '1 hour'
  RETURNING sign_ins.id
),
seen AS (
  UPDATE sign_ins
  SET previous_until = now() + interval '1 minute'
  FROM found
  WHERE sign_ins.id = found.id AND found.is_current AND rotated_at >= now() - interval '1 hour'
    AND previous_sha256 IS NOT NULL AND previous_until IS NULL
)
SELECT
  token_id,
  role,
  name,
  csrf,
  id,
  is_use_stale,
  EXISTS (SELECT FROM rotated) AS is_rotated,
  to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS expires_at,
  ceil(extract(epoch FROM expires_at - now()))::bigint AS seconds,
  share_filter
FROM found

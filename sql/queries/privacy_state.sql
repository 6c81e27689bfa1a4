-- Where a request about the person $1 stands, of those actions $2; the latest that was carried out where none is open.
SELECT jsonb_build_object(
  'person', $1::bigint::text,
  'state', CASE WHEN r.id IS NULL AND l.id IS NULL THEN 'none' WHEN r.id IS NULL THEN 'done' WHEN r.error IS NOT NULL THEN 'failed'
    WHEN r.step = 'asked' THEN 'asked' ELSE 'running' END,
  'mode', CASE WHEN coalesce(r.action, l.action) <> 'erase' THEN coalesce(r.action, l.action) END,
  'step', nullif(r.step, 'asked'),
  'streams', (SELECT count(*) FROM jsonb_object_keys(r.streams)),
  'asked_at', to_char(coalesce(r.requested_at, l.requested_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'asked_by', coalesce(r.requested_by, l.deleted_by),
  'done_at', CASE WHEN r.id IS NULL THEN to_char(l.deleted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END,
  'rows', coalesce(r.counts, l.counts, '{}'),
  'error', r.error)
FROM (SELECT) AS one
LEFT JOIN person_requests AS r ON r.person_id = $1::bigint AND r.action = ANY ($2::text[])
LEFT JOIN LATERAL (
  SELECT * FROM data_deletion_log WHERE person_id = $1::bigint AND action = ANY ($2::text[]) ORDER BY id DESC LIMIT 1
) AS l ON true

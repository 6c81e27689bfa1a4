-- $1 ids, $2 first seen in ms, $3 external ids
INSERT INTO persons AS p (id, created_at, first_seen_at, external_id)
SELECT id, ms_ts(seen), ms_ts(seen), external_id
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS n (id, seen, external_id) ORDER BY id
ON CONFLICT (id) DO UPDATE SET
  first_seen_at = EXCLUDED.first_seen_at,
  created_at = CASE WHEN p.trait_ids ? 'createdAt' THEN p.created_at ELSE EXCLUDED.first_seen_at END,
  updated_at = now()
WHERE EXCLUDED.first_seen_at < p.first_seen_at

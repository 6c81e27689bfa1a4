-- What the identify hit $2 says of person $1: traits $3, sign-up $4 in ms. For each trait the latest hit wins. The key
-- createdAt is the sign-up's: among the traits it only stands where it is no time.
WITH news AS (
  SELECT key, value
  FROM persons p, jsonb_each($3::jsonb) AS t
  WHERE p.id = $1::bigint AND key <> 'createdAt' AND coalesce(p.trait_ids ->> key, '') COLLATE "C" < $2::text
), summed AS (
  SELECT coalesce(jsonb_object_agg(key, value), '{}') AS traits, coalesce(jsonb_object_agg(key, $2::text), '{}') AS trait_ids
  FROM news
)
UPDATE persons p SET
  traits = p.traits || s.traits,
  trait_ids = p.trait_ids || s.trait_ids ||
    CASE WHEN c.is_newer THEN jsonb_build_object('createdAt', $2::text) ELSE '{}' END,
  created_at = CASE WHEN c.is_newer THEN ms_ts($4::bigint) ELSE p.created_at END,
  updated_at = now()
FROM summed s, LATERAL (
  SELECT $4::bigint IS NOT NULL AND coalesce(q.trait_ids ->> 'createdAt', '') COLLATE "C" < $2::text AS is_newer
  FROM persons q WHERE q.id = $1::bigint) AS c
WHERE p.id = $1::bigint AND (c.is_newer OR s.traits <> '{}')

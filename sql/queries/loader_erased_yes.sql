-- The hits $3 say yes, for the persons $1 and on the browsers $2: who was erased before is taken from then on.
UPDATE erased_ids AS e SET consented_at = LEAST(e.consented_at, n.at)
FROM (
  SELECT hash, min(at) AS at
  FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS y (user_id, browser, hit_id)
  CROSS JOIN LATERAL (VALUES (id_hash(user_id)), (id_hash(browser))) AS h (hash)
  JOIN erased_ids AS o ON o.id_hash = hash AND o.erased_at < uuid7_ts(hit_id)
  CROSS JOIN LATERAL (SELECT uuid7_ts(hit_id) AS at) AS t
  GROUP BY hash
) AS n
WHERE e.id_hash = n.hash

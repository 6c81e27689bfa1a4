-- The first $1 differences between rows, column by column, and how many there are in all.
SELECT table_name, key, name, stored, recounted, count(*) OVER ()
FROM (
  SELECT table_name, key, NULL AS name, stored::text AS stored, recounted::text AS recounted
  FROM verify_pairs WHERE stored IS NULL OR recounted IS NULL
  UNION ALL
  SELECT table_name, key, name, s.value #>> '{}', r.value #>> '{}'
  FROM verify_pairs
  CROSS JOIN jsonb_each(stored) AS s (name, value)
  JOIN jsonb_each(recounted) AS r (name, value) USING (name)
  WHERE s.value IS DISTINCT FROM r.value
) AS difference
ORDER BY table_name COLLATE "C", key COLLATE "C", name COLLATE "C" NULLS FIRST
LIMIT $1::bigint

-- The numbers of pages: of those in $1, and of those that one of the patterns $2 fits, by path alone or by host and path.
WITH page AS (
  SELECT id, value, substr(value, strpos(value, '/')) AS path FROM dimension_values
)
SELECT coalesce(array_agg(id), '{}')
FROM (
  SELECT id FROM page WHERE value = ANY ($1::text[])
  UNION
  SELECT id FROM page WHERE path = ANY ($1::text[])
  UNION
  SELECT id FROM page WHERE cardinality($2::text[]) > 0 AND (value LIKE ANY ($2::text[]) OR path LIKE ANY ($2::text[]))
) AS found

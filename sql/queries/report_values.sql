-- The numbers of texts: of those in $1, and of those that one of the patterns $2 fits.
SELECT coalesce(array_agg(id), '{}')
FROM (
  SELECT id FROM dimension_values WHERE value = ANY ($1::text[])
  UNION
  SELECT id FROM dimension_values WHERE cardinality($2::text[]) > 0 AND value LIKE ANY ($2::text[])
) AS found

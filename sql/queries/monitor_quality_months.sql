-- Months ahead that have their partition.
SELECT count(*)
FROM pg_inherits
JOIN pg_class AS part ON part.oid = inhrelid
WHERE inhparent = 'page_views'::regclass AND part.relname ~ '_\d{4}_\d\d$'
  AND to_date(right(part.relname, 7), 'YYYY_MM') > (now() AT TIME ZONE 'UTC')::date

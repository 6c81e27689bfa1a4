-- Tables whose statistics may tell of the person of the request $1: all that have any, but partitions of months in which they were not.
SELECT c.oid::regclass
FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace
  AND EXISTS (
    SELECT FROM pg_stats AS s
    WHERE s.schemaname = current_schema() AND s.tablename = c.relname AND s.inherited = (c.relkind = 'p'))
  AND CASE WHEN c.relispartition AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' THEN EXISTS (
    SELECT FROM (SELECT to_date(right(c.relname, 7), 'YYYY_MM')::timestamp AS begin) AS month, person_requests AS r
    WHERE r.id = $1::bigint AND r.sessions_within
      && tstzrange(month.begin AT TIME ZONE 'UTC' - interval '1 day', (month.begin + interval '1 month') AT TIME ZONE 'UTC' + interval '1 day'))
    ELSE true END
ORDER BY c.relname

-- Where each month of the partitioned tables lies, and what it takes. $1: what a row is: a partition, a month or a tier. A
-- partition that was never analyzed has the rows that its statistics know.
WITH stored AS (
  SELECT
    part.relname::text AS partition,
    parent.relname::text AS table_name,
    to_date(right(part.relname, 7), 'YYYY_MM') AS month,
    CASE WHEN part.reltuples >= 0 THEN part.reltuples ELSE pg_stat_get_live_tuples(part.oid) END::bigint AS rows_about,
    pg_table_size(part.oid) AS table_bytes,
    pg_indexes_size(part.oid) AS index_bytes
  FROM pg_inherits AS i
  JOIN pg_class AS part ON part.oid = i.inhrelid
  JOIN pg_class AS parent ON parent.oid = i.inhparent
  WHERE parent.relnamespace = current_schema()::regnamespace AND parent.relkind = 'p' AND part.relkind = 'r'
    AND part.relname ~ '_[0-9]{4}_[0-9]{2}$'
),
part AS (
  SELECT
    coalesce(stored.month, archived.month) AS month,
    CASE WHEN stored.partition IS NULL THEN 'cold'
      WHEN stored.month < date_trunc('month', now() AT TIME ZONE 'UTC') THEN 'warm'
      ELSE 'hot' END AS tier,
    coalesce(stored.table_name, archived.table_name) AS table_name,
    coalesce(rows_about, row_count) AS rows_about,
    table_bytes,
    index_bytes,
    bytes AS archive_bytes,
    archived_at
  FROM stored
  FULL JOIN archived_partitions AS archived ON archived.partition = stored.partition
)
SELECT
  GROUPING(tier) = 1 AS is_total,
  CASE WHEN $1 <> 'tier' THEN to_char(min(month), 'YYYY-MM') END AS month,
  tier,
  CASE WHEN $1 = 'partition' THEN min(table_name) END AS "table",
  count(*) AS partitions,
  coalesce(sum(rows_about), 0)::bigint AS rows_about,
  sum(table_bytes)::bigint AS table_bytes,
  sum(index_bytes)::bigint AS index_bytes,
  sum(archive_bytes)::bigint AS archive_bytes,
  to_char(max(archived_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS archived_at
FROM part
GROUP BY GROUPING SETS ((tier, CASE WHEN $1 <> 'tier' THEN month END, CASE WHEN $1 = 'partition' THEN table_name END), ())
ORDER BY is_total, array_position(ARRAY['hot', 'warm', 'cold'], tier), min(month) DESC, min(table_name) COLLATE "C"

-- What each table takes on the disk, with all its partitions; the greatest first. A partitioned table's own estimate is that of its
-- partitions, and of a table that was never analyzed only the statistics know.
WITH RECURSIVE parts AS (
  SELECT c.oid AS root, c.relname AS name, c.oid AS part
  FROM pg_class AS c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  UNION ALL
  SELECT parts.root, parts.name, i.inhrelid
  FROM parts
  JOIN pg_inherits AS i ON i.inhparent = parts.part
),
figures AS (
  SELECT
    GROUPING(root) = 1 AS is_total,
    name,
    count(*) FILTER (WHERE part <> root) AS partitions,
    sum(CASE WHEN c.relkind = 'p' THEN 0 WHEN c.reltuples >= 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(part) END)::bigint AS rows_about,
    sum(pg_table_size(part))::bigint AS table_bytes,
    sum(pg_indexes_size(part))::bigint AS index_bytes
  FROM parts
  JOIN pg_class AS c ON c.oid = part
  GROUP BY GROUPING SETS ((root, name), ())
)
SELECT is_total, name AS "table", partitions, rows_about, table_bytes, index_bytes, table_bytes + index_bytes AS total_bytes
FROM figures
ORDER BY is_total, total_bytes DESC, name COLLATE "C"

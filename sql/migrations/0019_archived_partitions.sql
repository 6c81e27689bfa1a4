-- The months of partitioned tables that lie in the archive, a row for each partition. One that still has its table in PostgreSQL
-- lies in both.
CREATE TABLE archived_partitions (
  partition text PRIMARY KEY,            -- as it is called in PostgreSQL, such as page_views_2026_01
  table_name text NOT NULL,              -- of which it is a part
  month date NOT NULL,                   -- its first day
  row_count bigint NOT NULL,             -- as they were read back and found equal
  bytes bigint NOT NULL,                 -- of its files
  archived_at timestamptz NOT NULL DEFAULT now()
);

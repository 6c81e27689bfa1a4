-- Nothing ever analyzes a table of one row. Unanalyzed it is taken for 590, by which the rows of whatever is joined with it are
-- multiplied, and what is put together by hashes goes to the disk.
ANALYZE rollup_state;

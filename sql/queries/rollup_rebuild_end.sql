SELECT rollup_rebuild_end($1::text)

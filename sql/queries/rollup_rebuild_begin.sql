SELECT rollup_rebuild_begin($1::text, $2::text, $3::integer)

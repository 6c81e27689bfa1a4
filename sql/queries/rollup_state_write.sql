UPDATE rollup_state SET timezone = $1::text, pages_max = $2::integer

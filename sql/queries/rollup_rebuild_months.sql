SELECT rollup_rebuild_months($1::text)

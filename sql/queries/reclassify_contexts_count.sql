-- About how many contexts there are.
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'hit_contexts'::regclass

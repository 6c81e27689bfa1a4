-- In the schema $1 itself: the product beside us may have a schema_migrations of its own in public.
SELECT to_regclass(format('%I.schema_migrations', $1::text)) IS NOT NULL

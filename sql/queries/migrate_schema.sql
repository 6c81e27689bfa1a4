-- The statement that makes the schema $1, null where it is there (IF NOT EXISTS would ask for the right to make one).
SELECT format('CREATE SCHEMA %I', $1::text)
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text)

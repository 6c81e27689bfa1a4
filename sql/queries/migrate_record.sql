INSERT INTO schema_migrations (number, name, sha256) VALUES ($1::integer, $2, $3)

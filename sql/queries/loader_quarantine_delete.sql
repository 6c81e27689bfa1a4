DELETE FROM quarantine WHERE ($1::bigint IS NULL OR id = $1::bigint)

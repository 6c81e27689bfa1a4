DELETE FROM changed_buckets WHERE kind = $1::text::"char" AND bucket = $2::timestamptz

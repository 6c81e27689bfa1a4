SELECT segment, byte_offset FROM ingest_ledger WHERE stream_id = $1::uuid

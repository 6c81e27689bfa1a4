INSERT INTO ingest_ledger AS l (stream_id, segment, byte_offset, name)
VALUES ($1::uuid, $2::bigint, $3::bigint, $4)
ON CONFLICT (stream_id) DO UPDATE SET segment = EXCLUDED.segment, byte_offset = EXCLUDED.byte_offset,
  name = EXCLUDED.name, updated_at = now()

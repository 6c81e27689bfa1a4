SELECT message_hash, ts_ms(first_seen_at) FROM message_times WHERE message_hash = ANY ($1::uuid[]) ORDER BY 1

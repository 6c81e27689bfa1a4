INSERT INTO ingest_turn (turn) VALUES ($1::uuid) ON CONFLICT (is_only) DO UPDATE SET turn = EXCLUDED.turn

INSERT INTO session_touches (session_ids, touches) VALUES ($1::uuid[], $2::bigint[])

COPY batch_made_sessions (id, started_at, person_id, last_activity_at, run_started_at, first_hit_id, browser_id, context_id)
FROM STDIN WITH (FORMAT binary)

-- Rows of the sessions $1 are written, moved or deleted here: their roll-ups are counted anew.
INSERT INTO changed_sessions (session_ids) VALUES ($1::uuid[])

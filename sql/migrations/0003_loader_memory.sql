-- The mark of the transaction that last stored, moved or deleted rows of the big tables. A loader that finds a mark that is not
-- its own forgets what it remembers of them. So whoever else changes or deletes such rows takes the loader's lock and leaves a
-- mark of its own: any new UUID.
CREATE TABLE ingest_turn (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  turn uuid NOT NULL
);

-- Activity of clients' sessions that is yet to be written into user_sessions. While hits are waiting it is put off, so that a
-- session is written once for many of its hits; a row for each batch. A touch is 2 · time in ms, and 1 more where the client
-- ended the session there.
CREATE TABLE session_touches (
  session_ids uuid[] NOT NULL,
  touches bigint[] NOT NULL
);
ALTER TABLE session_touches ALTER session_ids SET STORAGE EXTERNAL, ALTER touches SET STORAGE EXTERNAL;

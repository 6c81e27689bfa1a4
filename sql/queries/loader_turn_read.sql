-- Who wrote last, and what waits: leaves for their view, leaves for a gap to close, activity of sessions.
SELECT (SELECT turn FROM ingest_turn), EXISTS (SELECT FROM waiting_leaves), EXISTS (SELECT FROM session_leaves),
  EXISTS (SELECT FROM session_touches)

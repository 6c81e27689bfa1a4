-- Who wrote last; what waits: leaves for their view, leaves for a gap to close, activity of sessions; and whether anybody was
-- ever erased; whether a no was set for anybody.
SELECT (SELECT turn FROM ingest_turn), EXISTS (SELECT FROM waiting_leaves), EXISTS (SELECT FROM session_leaves),
  EXISTS (SELECT FROM session_touches), EXISTS (SELECT FROM erased_ids), EXISTS (SELECT FROM user_consent WHERE denied_at IS NOT NULL)

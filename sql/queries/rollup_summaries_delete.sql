DELETE FROM session_summaries
WHERE (started_at, session_id, person_id) IN (
  SELECT started_at, session_id, person_id FROM step_old
  EXCEPT
  SELECT started_at, session_id, person_id FROM step_new)

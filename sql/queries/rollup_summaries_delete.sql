-- Of the sessions, all of which began between $1 and $2, those that are gone, and persons who are not in them any more.
DELETE FROM session_summaries
WHERE started_at BETWEEN $1::timestamptz AND $2::timestamptz AND (started_at, session_id, person_id) IN (
  SELECT started_at, session_id, person_id FROM step_old
  EXCEPT
  SELECT started_at, session_id, person_id FROM step_new)

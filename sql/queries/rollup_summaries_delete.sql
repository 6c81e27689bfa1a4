DELETE FROM session_summaries s USING batch_old o
WHERE s.started_at = o.started_at AND s.session_id = o.session_id AND s.person_id = o.person_id
  AND NOT EXISTS (
    SELECT FROM batch_new n WHERE n.started_at = o.started_at AND n.session_id = o.session_id AND n.person_id = o.person_id)

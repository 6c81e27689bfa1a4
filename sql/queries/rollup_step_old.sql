-- The sessions as they were.
INSERT INTO step_old
SELECT s.*
FROM step_changed b
CROSS JOIN LATERAL (
  SELECT * FROM session_summaries s WHERE s.started_at = b.started_at AND s.session_id = b.session_id OFFSET 0
) AS s

-- The sessions as they were; all began between $1 and $2.
INSERT INTO step_old
SELECT s.*
FROM step_changed b
CROSS JOIN LATERAL (
  SELECT * FROM session_summaries s WHERE s.started_at = b.started_at AND s.session_id = b.session_id
    AND s.started_at BETWEEN $1::timestamptz AND $2::timestamptz OFFSET 0
) AS s

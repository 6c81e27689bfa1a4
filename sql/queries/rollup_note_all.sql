-- All sessions there are; the latest note, which is taken first, is of the newest.
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(id)
FROM (SELECT id, (row_number() OVER (ORDER BY started_at) - 1) / 1000 AS note FROM user_sessions) AS numbered
GROUP BY note ORDER BY note

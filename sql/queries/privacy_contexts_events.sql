DELETE FROM loose_contexts AS l
USING (SELECT DISTINCT e.context_id FROM user_events AS e JOIN loose_contexts AS o ON o.context_id = e.context_id) AS used
WHERE l.context_id = used.context_id

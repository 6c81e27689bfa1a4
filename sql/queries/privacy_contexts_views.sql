-- Contexts that a view still names are nobody's secret.
DELETE FROM loose_contexts AS l
USING (SELECT DISTINCT v.context_id FROM page_views AS v JOIN loose_contexts AS o ON o.context_id = v.context_id) AS used
WHERE l.context_id = used.context_id

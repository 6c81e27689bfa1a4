-- The latest day first.
SELECT coalesce(json_agg(json_build_object('id', id::text, 'date', day, 'text', note) ORDER BY day DESC, id DESC), '[]') AS listed
FROM annotations

-- Of $1 ids with $2 external ids: those that already belong to another external id.
SELECT p.id, n.external_id FROM unnest($1::bigint[], $2::text[]) AS n (id, external_id) JOIN persons p USING (id)
WHERE p.external_id IS DISTINCT FROM n.external_id

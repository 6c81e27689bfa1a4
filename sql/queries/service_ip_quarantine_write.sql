UPDATE quarantine q SET payload = decode(n.fresh, 'hex')
FROM unnest($1::bigint[], $2::text[]) AS n (id, fresh)
WHERE q.id = n.id

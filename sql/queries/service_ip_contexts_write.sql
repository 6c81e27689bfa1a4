UPDATE hit_contexts c SET ip_address_encrypted = decode(n.fresh, 'hex')
FROM unnest($1::uuid[], $2::text[]) AS n (id, fresh)
WHERE c.id = n.id

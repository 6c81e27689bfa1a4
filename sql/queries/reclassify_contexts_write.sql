-- The id stays that of the words as they came: what hits of then say again finds the context as it is now.
UPDATE hit_contexts c SET
  referrer_category = n.referrer_category, search_term = n.search_term, channel_type = n.channel_type,
  channel_subtype = n.channel_subtype
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
  AS n (id, referrer_category, search_term, channel_type, channel_subtype)
WHERE c.id = n.id

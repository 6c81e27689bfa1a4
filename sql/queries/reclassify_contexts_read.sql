-- $2 contexts behind the one with the id $1.
SELECT id, 0, id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, referrer_url,
  referrer_category, search_term, channel_type, channel_subtype
FROM hit_contexts
WHERE id > $1::uuid
ORDER BY id
LIMIT $2::integer

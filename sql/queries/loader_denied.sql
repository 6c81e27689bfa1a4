-- Which hits, by place, are of somebody for whom a no was set: $1 whom they name, $2 their browsers, $3 their ids.
SELECT h.place
FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) WITH ORDINALITY AS h (user_id, browser, hit_id, place)
LEFT JOIN LATERAL (
  SELECT person_id FROM person_aliases
  WHERE h.user_id IS NULL AND anonymous_id = h.browser AND identify_id <= h.hit_id
  ORDER BY identify_id DESC LIMIT 1
) AS latest ON true
LEFT JOIN LATERAL (
  SELECT person_id FROM person_aliases
  WHERE h.user_id IS NULL AND latest.person_id IS NULL AND anonymous_id = h.browser
  ORDER BY identify_id LIMIT 1
) AS first ON true
JOIN user_consent AS c ON c.person_id = coalesce(h.user_id, latest.person_id, first.person_id, h.browser)
WHERE c.denied_at <= uuid7_ts(h.hit_id) AND (c.allowed_at IS NULL OR uuid7_ts(h.hit_id) < c.allowed_at)

-- For each browser $1 with a hit $2: its first sign-in ever, the last one until the hit, and the next one behind it. Nothing
-- else decides whom the hit belongs to, or what changes if the hit is a sign-in; so the cost does not grow with how often
-- somebody signed in. A sign-in may be given several times.
SELECT a.anonymous_id, a.identify_id, a.person_id
FROM unnest($1::bigint[], $2::uuid[]) AS q (browser, hit_id)
CROSS JOIN LATERAL (
  SELECT anonymous_id, identify_id, person_id FROM person_aliases
  WHERE anonymous_id = q.browser ORDER BY identify_id LIMIT 1
) f
CROSS JOIN LATERAL (
  SELECT f.anonymous_id, f.identify_id, f.person_id
  UNION ALL
  (SELECT anonymous_id, identify_id, person_id FROM person_aliases
   WHERE anonymous_id = q.browser AND identify_id <= q.hit_id ORDER BY identify_id DESC LIMIT 1)
  UNION ALL
  (SELECT anonymous_id, identify_id, person_id FROM person_aliases
   WHERE anonymous_id = q.browser AND identify_id > q.hit_id ORDER BY identify_id LIMIT 1)
) a

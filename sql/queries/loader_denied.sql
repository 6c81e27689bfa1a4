-- Which hits, by place, are of somebody for whom a no was set: $1 whom they name, $2 their browsers, $3 their ids. Those of others,
-- nearly all, are told apart by whom a no was set for and where these ever signed in; of what is left the person is looked up.
WITH denied AS MATERIALIZED (
  SELECT person_id, denied_at, allowed_at FROM user_consent WHERE denied_at IS NOT NULL
),
browser AS MATERIALIZED (
  SELECT anonymous_id FROM denied JOIN person_aliases USING (person_id)
)
SELECT h.place
FROM (
  SELECT *
  FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) WITH ORDINALITY AS hit (user_id, browser, hit_id, place)
  WHERE coalesce(user_id, browser) IN (SELECT person_id FROM denied)
    OR (user_id IS NULL AND browser IN (SELECT anonymous_id FROM browser))
  OFFSET 0
) AS h
JOIN denied AS c ON c.person_id = coalesce(h.user_id, alias_person(h.browser, h.hit_id))
WHERE c.denied_at <= uuid7_ts(h.hit_id) AND (c.allowed_at IS NULL OR uuid7_ts(h.hit_id) < c.allowed_at)

-- The hits $3 say yes, for the persons $1 or, where they name nobody, the browsers $2: for whom a no was set before is taken from then on.
UPDATE user_consent AS c SET allowed_at = LEAST(c.allowed_at, y.at)
FROM (
  SELECT coalesce(user_id, browser) AS person_id, o.denied_at, min(uuid7_ts(hit_id)) AS at
  FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS h (user_id, browser, hit_id)
  JOIN user_consent AS o ON o.person_id = coalesce(user_id, browser) AND o.denied_at < uuid7_ts(hit_id)
  GROUP BY 1, 2
) AS y
WHERE c.person_id = y.person_id

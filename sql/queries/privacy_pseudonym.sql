-- Whose the rows of the request $1 become: nobody's, or those of a pseudonym, which are below -2^62.
UPDATE person_requests SET pseudonym = CASE WHEN action = 'anonymous' THEN 0
  ELSE -4611686018427387905 - ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 18, 15))::bit(60)::bigint END
WHERE id = $1::bigint AND pseudonym IS NULL

-- A person is asked for by what the product calls them.
CREATE INDEX idx_persons_external ON persons (external_id) WHERE external_id IS NOT NULL;

-- The browsers that only this person ever signed in on, or that are this person.
CREATE FUNCTION person_browsers(person bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT DISTINCT anonymous_id FROM person_aliases AS a
  WHERE person_id = person
    AND NOT EXISTS (SELECT FROM person_aliases AS o WHERE o.anonymous_id = a.anonymous_id AND o.person_id <> person)
  UNION
  SELECT person WHERE person < 0 AND NOT EXISTS (SELECT FROM person_aliases WHERE anonymous_id = person)
$$;

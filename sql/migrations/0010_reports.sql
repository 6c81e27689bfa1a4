-- What somebody typed with * for any text, as LIKE has it.
CREATE FUNCTION like_pattern(glob text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT replace(replace(replace(replace(glob, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')
$$;

-- Persons of whom the trait is one of these texts, or like one of these patterns. A trait that is no text is compared as JSON.
CREATE FUNCTION persons_with_trait(key text, texts text[], patterns text[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT id
  FROM persons
  WHERE traits ? key AND (coalesce(traits ->> key, '') = ANY (texts) OR coalesce(traits ->> key, '') LIKE ANY (patterns))
  UNION ALL
  SELECT id FROM persons WHERE '' = ANY (texts) AND NOT traits ? key
$$;

-- Sessions in which an event with such an action happened from one time to another; those that began before may have gone on.
CREATE FUNCTION sessions_with_event(texts text[], patterns text[], from_at timestamptz, to_at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT session_id
  FROM user_events
  WHERE created_at >= from_at - interval '1 day' AND created_at < to_at + interval '1 day'
    AND (event_action = ANY (texts) OR event_action LIKE ANY (patterns))
$$;

-- From here on nothing of the person $1 is stored: they and their browsers are known as erased, and what stands of them apart from
-- their sessions goes. Sign-ins on browsers that others use stay as nobody's, so that later hits do not become those of the others.
-- $2: what happens from now on is taken again, as after a yes. How many rows of each table.
WITH browser AS (
  SELECT anonymous_id AS id, anonymous_id NOT IN (SELECT person_browsers($1::bigint)) AS is_shared
  FROM person_aliases WHERE person_id = $1::bigint GROUP BY 1
  UNION SELECT b, false FROM person_browsers($1::bigint) AS b
), known AS (
  INSERT INTO erased_ids AS e (id_hash, erased_at, consented_at, is_shared)
  SELECT id_hash(id), now(), CASE WHEN $2::boolean THEN now() END, is_shared
  FROM (SELECT * FROM browser WHERE id <> $1::bigint UNION ALL SELECT $1::bigint, false) AS forgotten
  ON CONFLICT (id_hash) DO UPDATE
  SET erased_at = EXCLUDED.erased_at, consented_at = EXCLUDED.consented_at, is_shared = EXCLUDED.is_shared
), alias AS (
  DELETE FROM person_aliases WHERE person_id = $1::bigint AND anonymous_id IN (SELECT id FROM browser WHERE NOT is_shared)
  RETURNING 1
), kept AS (
  UPDATE person_aliases SET person_id = erased_person(),
    identify_id = overlay(gen_random_uuid()::text PLACING left(identify_id::text, 18) FROM 1 FOR 18)::uuid
  WHERE person_id = $1::bigint AND anonymous_id IN (SELECT id FROM browser WHERE is_shared)
  RETURNING 1
), consent AS (
  DELETE FROM user_consent WHERE person_id = $1::bigint OR person_id IN (SELECT id FROM browser WHERE NOT is_shared)
  RETURNING 1
), quarantined AS (
  DELETE FROM quarantine
  WHERE user_id = $1::bigint OR (user_id IS NULL AND anonymous_id IN (SELECT id FROM browser WHERE NOT is_shared))
  RETURNING 1
), counted AS (
  INSERT INTO ingest_counts AS c (day, reason, hits)
  SELECT (now() AT TIME ZONE 'UTC')::date, 'erased_person', count(*) FROM quarantined HAVING count(*) > 0
  ON CONFLICT (day, reason) DO UPDATE SET hits = c.hits + EXCLUDED.hits
), gone AS (
  DELETE FROM persons WHERE id = $1::bigint RETURNING 1
)
SELECT jsonb_build_object(
  'persons', (SELECT count(*) FROM gone),
  'person_aliases', (SELECT count(*) FROM (SELECT * FROM alias UNION ALL SELECT * FROM kept) AS a),
  'user_consent', (SELECT count(*) FROM consent),
  'quarantine', (SELECT count(*) FROM quarantined))

-- The request $1 is carried out: what remains of it is the proof.
WITH done AS (
  DELETE FROM person_requests WHERE id = $1::bigint RETURNING *
)
INSERT INTO data_deletion_log (person_id, action, requested_at, deleted_by, counts)
SELECT person_id, action, requested_at, requested_by, counts FROM done

INSERT INTO person_aliases (anonymous_id, identify_id, person_id)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) ORDER BY 1, 2
ON CONFLICT DO NOTHING

-- The person that the product calls $1.
SELECT id FROM persons WHERE external_id = $1

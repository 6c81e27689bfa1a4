-- The person that the product calls $1, or null.
SELECT person_known($1)

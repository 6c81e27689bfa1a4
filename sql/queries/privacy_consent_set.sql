-- The person $1 says $2 to analytics and $3 to marketing, says $4.
SELECT person_consent($1::bigint, $2::boolean, $3::boolean, $4)

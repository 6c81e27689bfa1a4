-- What the person $1 said last.
SELECT person_said($1::bigint)

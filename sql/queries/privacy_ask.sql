-- $3 wants $2 for the person $1. Gives the action that is open.
SELECT person_ask($1::bigint, $2, $3)

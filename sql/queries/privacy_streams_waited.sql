-- Requests that wait for any of the streams $1.
SELECT id FROM person_requests WHERE streams ?| $1::text[] ORDER BY id

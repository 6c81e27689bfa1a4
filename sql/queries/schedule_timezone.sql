-- The IANA name that $1 is, as the server writes it; no row where it knows none. What else it would take as a zone, such as
-- "foo5", is none.
SELECT name
FROM pg_timezone_names
WHERE lower(name) = lower($1) AND name !~ '^(posix|right)/' AND name NOT IN ('posixrules', 'localtime', 'Factory')

-- The IANA time zones this server knows, by name. Reading the view means reading the server's time zone files.
SELECT name
FROM pg_timezone_names
WHERE name !~ '^(posix|right)/' AND name NOT IN ('posixrules', 'localtime', 'Factory')
ORDER BY name

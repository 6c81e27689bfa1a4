-- What is saved, of the kind $1 or of all.
SELECT kind, name, definition, to_char(saved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS saved_at
FROM saved
WHERE $1::text IS NULL OR kind = $1
ORDER BY kind, name

-- What is to be counted next: today's, then what was noted first. $1: those that failed, as kind and time, are left out; $2: none
-- that is older.
SELECT kind, to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM changed_buckets
WHERE kind::text || to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') <> ALL ($1::text[])
  AND (bucket >= now() - interval '26 hours' OR NOT $2::boolean)
ORDER BY bucket >= now() - interval '26 hours' DESC, noted_at, bucket DESC, kind
LIMIT 1

-- What is to be counted next, with its beginning and an instant behind its end (a day has 26 hours at the most): today's, then
-- overviews of days, which everybody looks at, then what was noted first. $1: those that failed, as kind and beginning, are left
-- out; $2: none that is older.
WITH next AS (
  SELECT kind, bucket
  FROM changed_buckets
  WHERE (bucket >= now() - interval '26 hours' OR NOT $2::boolean)
    AND ($1::text[] = '{}' OR kind::text || to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') <> ALL ($1::text[]))
  ORDER BY bucket >= now() - interval '26 hours' DESC, kind <> 'd', noted_at, bucket DESC, kind
  LIMIT 1
)
SELECT kind, to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char((bucket + CASE WHEN kind IN ('o', 'p') THEN interval '1 hour' ELSE interval '26 hours' END) AT TIME ZONE 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM next

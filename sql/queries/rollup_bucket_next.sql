-- What is to be counted next, with its beginning and an instant behind its end (a day has 26 hours at the most): what is of now, then
-- the rest. Of each first overviews, which everybody looks at, the latest before all, and hours before the day that is put together
-- from them; then what was noted first. Of now is today; its sessions reach back into yesterday's overview, too. The pages of values
-- come behind all else, the latest day first. $1: those that failed, as kind and beginning, are left out; $2: none that is older.
WITH waiting AS (
  SELECT kind, bucket, CASE WHEN kind <> 'w' THEN noted_at END AS noted_at, kind IN ('o', 'd') AS is_overview,
    kind <> 'w' AND bucket >= now() - CASE WHEN kind IN ('o', 'd') THEN interval '50 hours' ELSE interval '26 hours' END AS is_of_now
  FROM changed_buckets
  WHERE due_at <= now()
), next AS (
  SELECT kind, bucket
  FROM waiting
  WHERE (is_of_now OR NOT $2::boolean)
    AND ($1::text[] = '{}' OR kind::text || to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') <> ALL ($1::text[]))
  ORDER BY is_of_now DESC, is_overview DESC, CASE WHEN NOT is_overview THEN noted_at END, bucket DESC, kind = 'd', kind
  LIMIT 1
)
SELECT kind, to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char((bucket + CASE WHEN kind IN ('o', 'p') THEN interval '1 hour' ELSE interval '26 hours' END) AT TIME ZONE 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM next

-- What the changes of the step reach: hours and days whose rows changed, those where a session's way begins or ends now and
-- then, and those where a session started. The overview of a day is noted by its hours.
WITH marked AS (
  SELECT DISTINCT session_id, hour, hash, is_new
  FROM (
    SELECT session_id, marks, false AS is_new FROM step_old WHERE is_first
    UNION ALL
    SELECT session_id, marks, true FROM step_new WHERE is_first
  ) AS session
  CROSS JOIN LATERAL unnest(marks[:][1:1], marks[:][2:2]) AS mark (hour, hash)
), changed AS (
  SELECT coalesce(o.session_id, n.session_id) AS session_id, coalesce(o.started_at, n.started_at) AS started_at,
    coalesce(o.date, n.date) AS date, o.marks IS DISTINCT FROM n.marks AS has_other_rows,
    (o.entry_view_id, o.exit_view_id, o.views = 1) IS DISTINCT FROM (n.entry_view_id, n.exit_view_id, n.views = 1) AS has_other_ends,
    ARRAY[o.entry_view_id, o.exit_view_id, n.entry_view_id, n.exit_view_id] AS ends, coalesce(n.marks, o.marks) AS marks
  FROM step_old o
  FULL JOIN step_new n USING (started_at, session_id, person_id)
  WHERE o IS DISTINCT FROM n
), row_hour AS (
  SELECT to_timestamp(hour) AS hour
  FROM marked
  GROUP BY session_id, hour, hash
  HAVING count(*) = 1
  UNION
  SELECT date_trunc('hour', uuid7_ts(view_id), timezone)
  FROM rollup_state, changed, unnest(ends) AS view_id
  WHERE has_other_ends AND view_id IS NOT NULL
), bucket AS (
  SELECT 'p'::"char" AS kind, hour AS bucket FROM row_hour
  UNION SELECT 'o', hour FROM row_hour
  UNION SELECT 'o', date_trunc('hour', started_at, timezone) FROM changed, rollup_state
  UNION SELECT kind, day_begin(date, timezone)
  FROM rollup_state, (
    SELECT DISTINCT unnest('{s,v}'::"char"[]) AS kind, (hour AT TIME ZONE timezone)::date AS date FROM row_hour, rollup_state
    UNION SELECT DISTINCT 's'::"char", date FROM changed
    UNION SELECT DISTINCT 's'::"char", (to_timestamp(hour) AT TIME ZONE timezone)::date -- what describes it describes its rows
    FROM rollup_state, changed
    CROSS JOIN LATERAL unnest(marks[:][1:1]) AS hour
  ) AS day
)
INSERT INTO changed_buckets (kind, bucket)
SELECT kind, bucket FROM bucket
ON CONFLICT DO NOTHING

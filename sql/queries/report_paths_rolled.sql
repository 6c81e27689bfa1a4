-- The ways of whole days of the reporting time zone, without a filter. $1 to $9 as in report_paths.sql.
-- Those of the usual length, with any conversion and on any device, are kept by the day, but for those that few took. Whatever way
-- is not kept on a day, no more sessions took it then than the row of no pages has. So the ways that can be shown are known
-- where the last of them has more sessions than any that is kept on no day. Where one of these is not kept on a day, the sessions of
-- that day are asked for it. Else all sessions are asked. Ways asked for by their keys are looked for in the same way.
WITH
/*part paths_asked*/,
/*part range_dates*/,
day AS MATERIALIZED (
  SELECT day.*
  FROM range
  JOIN page_paths_daily AS day ON date BETWEEN first_date AND last_date AND $4::integer = 5 AND $5::text IS NULL AND $6::text IS NULL
),
cut_day AS MATERIALIZED (
  SELECT date, sessions AS most FROM day WHERE path = '{}'
),
way AS MATERIALIZED (
  SELECT path, sum(sessions) AS sessions, (SELECT coalesce(sum(most), 0) FROM cut_day) - coalesce(sum(most), 0) AS more_at_most
  FROM day
  LEFT JOIN cut_day USING (date)
  WHERE path <> '{}'
  GROUP BY path
),
last AS MATERIALIZED (
  SELECT sessions FROM way ORDER BY sessions DESC LIMIT 1 OFFSET $8::bigint + $7::bigint
),
known AS MATERIALIZED (
  SELECT $4::integer = 5 AND $5::text IS NULL AND $6::text IS NULL
    AND NOT EXISTS (
      SELECT
      FROM range
      JOIN overview_daily AS overview ON overview.date BETWEEN first_date AND last_date
      WHERE overview.sessions > 0 AND NOT EXISTS (SELECT FROM page_paths_daily AS kept WHERE kept.date = overview.date))
    AND (
      $9::jsonb IS NOT NULL
      OR NOT EXISTS (SELECT FROM cut_day)
      OR coalesce((SELECT sessions FROM last) > (SELECT sum(most) FROM cut_day), false)) AS is_known
),
candidate AS MATERIALIZED (
  SELECT path, sessions
  FROM way
  WHERE (SELECT is_known FROM known) AND CASE WHEN $9::jsonb IS NULL
    THEN sessions + more_at_most >= coalesce((SELECT sessions FROM last), 0)
    ELSE path IN (SELECT path FROM asked) END
  UNION ALL
  SELECT path, NULL
  FROM asked
  WHERE (SELECT is_known FROM known) AND path NOT IN (SELECT path FROM way)
),
kept AS MATERIALIZED (
  SELECT day.* FROM day JOIN candidate USING (path)
),
open_day AS (
  SELECT date
  FROM cut_day
  LEFT JOIN kept USING (date)
  GROUP BY date
  HAVING count(path) < (SELECT count(*) FROM candidate)
),
found AS MATERIALIZED (
  SELECT s.person_id, s.is_first, s.is_ended, s.duration_seconds, s.conversions > 0 AS is_converted, s.way AS path
  FROM open_day
  CROSS JOIN LATERAL (
    SELECT *, (coalesce(own.path, own.pages))[:5] AS way
    FROM session_summaries AS own
    WHERE own.started_at >= day_begin(open_day.date, $3) AND own.started_at < day_begin(open_day.date + 1, $3) AND own.views > 0
    OFFSET 0
  ) AS s
  JOIN candidate ON candidate.path = s.way
  WHERE NOT EXISTS (SELECT FROM kept WHERE kept.date = open_day.date AND kept.path = s.way)
),
/*part paths_session*/
    AND NOT (SELECT is_known FROM known)
),
counted AS (
  SELECT path, coalesce(candidate.sessions, 0) + coalesce(more.sessions, 0) AS sessions
  FROM candidate
  LEFT JOIN (SELECT path, count(*) FILTER (WHERE is_first) AS sessions FROM found GROUP BY path) AS more USING (path)
  WHERE candidate.sessions IS NOT NULL OR more.sessions IS NOT NULL
  UNION ALL
  SELECT path, count(*) FILTER (WHERE is_first) FROM session GROUP BY path
),
/*part paths_shown*/,
seen AS (
  SELECT
    place,
    count(DISTINCT person_id) AS visitors,
    sum(ended_sessions) AS ended_sessions,
    sum(duration_seconds) AS duration_seconds,
    sum(converted_sessions) AS converted_sessions
  FROM (
    SELECT path, unnest(persons) AS person_id, 0 AS ended_sessions, 0 AS duration_seconds, 0 AS converted_sessions FROM kept
    UNION ALL
    SELECT path, NULL, ended_sessions, duration_seconds, converted_sessions FROM kept
    UNION ALL
    SELECT path, person_id, (is_first AND is_ended)::integer, (is_first AND is_ended)::integer * duration_seconds,
      (is_first AND is_converted)::integer
    FROM (SELECT * FROM found UNION ALL SELECT * FROM session) AS one
  ) AS part
  JOIN shown USING (path)
  GROUP BY place
)
/*part paths_rows*/

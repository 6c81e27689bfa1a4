-- Ways through the site: the first pages of each session that has views, repeats of a page left out. $1 from, $2 to: when the
-- session began; $3 the zone, in which nothing is counted; $4 how many pages at the most; $5 a goal, page:… or event:…, with *
-- for any text, NULL: any conversion; $6 the type of device; $7 how many rows, $8 behind which place; $9 where given, only the
-- paths of these keys. All but the sessions is counted for the rows that are shown only.
WITH
/*part paths_asked*/,
/*part paths_session*/
),
counted AS (
  SELECT path, count(*) FILTER (WHERE is_first) AS sessions FROM session GROUP BY path
),
/*part paths_shown*/,
seen AS (
  SELECT
    place,
    count(DISTINCT person_id) AS visitors,
    count(*) FILTER (WHERE is_first AND is_ended) AS ended_sessions,
    sum(duration_seconds) FILTER (WHERE is_first AND is_ended) AS duration_seconds,
    count(*) FILTER (WHERE is_first AND is_converted) AS converted_sessions
  FROM session
  JOIN shown USING (path)
  GROUP BY place
)
/*part paths_rows*/

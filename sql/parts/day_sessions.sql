-- Sessions with rows in the spans of time of `asked_day`, which reach from begins_at to ends_at, a number for each row. Those all of
-- whose views are of the span, are whole: their summary tells of them. The rows of the others are asked: of those at its edges, of
-- more than 1000 views, of several persons, or counted before a summary held times. Hours, not days, are added to times, as that
-- asks no calendar for every session. $1 and $2, which no span reaches beyond, are told so that no other month is planned for; of times
-- without a zone a sum is known as early as that.
near AS MATERIALIZED (
  SELECT
    row_number() OVER () AS number,
    asked_day.*,
    s.*,
    cardinality(s.view_seconds) = s.views
      AND to_timestamp(s.marks[1][1]) >= begins_at
      AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) <= ends_at - interval '2 hours'
      AND s.session_id NOT IN (
        SELECT shared.session_id
        FROM session_summaries AS shared
        WHERE shared.started_at >= (SELECT min(begins_at) FROM asked_day) - interval '24 hours'
          AND shared.started_at < (SELECT max(ends_at) FROM asked_day) + interval '24 hours'
          AND shared.started_at >= ($1::timestamptz AT TIME ZONE 'UTC' - interval '24 hours') AT TIME ZONE 'UTC'
          AND shared.started_at < ($2::timestamptz AT TIME ZONE 'UTC' + interval '24 hours') AT TIME ZONE 'UTC'
          AND NOT shared.is_first
      ) AS is_whole
  FROM asked_day
  JOIN session_summaries AS s ON s.started_at >= begins_at - interval '24 hours' AND s.started_at < ends_at + interval '24 hours'
  WHERE s.views > 0
    AND s.started_at >= ($1::timestamptz AT TIME ZONE 'UTC' - interval '24 hours') AT TIME ZONE 'UTC'
    AND s.started_at < ($2::timestamptz AT TIME ZONE 'UTC' + interval '24 hours') AT TIME ZONE 'UTC'
    AND to_timestamp(s.marks[1][1]) < ends_at
    AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) > begins_at - interval '2 hours'
    /*where s*/
)

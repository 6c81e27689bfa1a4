-- What is in the summaries of the sessions that began in `half`, by page; of its persons those who saw it and those who entered by it,
-- each as often as they did. What sessions have to be asked for their rows is the row of no page. LIMIT ALL has it told once a session,
-- which OFFSET 0 would do too, but not in a parallel worker.
SELECT
  page_id,
  count(*) AS views,
  count(seconds) AS timed_views,
  sum(seconds) AS time_on_page_seconds,
  count(scroll) AS scrolled_views,
  sum(scroll) AS scroll_depth_percent,
  count(*) FILTER (WHERE number = 1) AS entries,
  count(*) FILTER (WHERE number = session_views) AS exits,
  count(*) FILTER (WHERE session_views = 1) AS bounces,
  array_agg(person_id) AS persons,
  array_agg(person_id) FILTER (WHERE number = 1) AS entered_persons,
  array_agg(session_id) FILTER (WHERE page_id IS NULL) AS cut_sessions
FROM (
  SELECT
    session_id,
    person_id,
    views AS session_views,
    generate_series(1, CASE WHEN is_whole THEN views ELSE 1 END) AS number,
    unnest(CASE WHEN is_whole THEN pages END) AS page_id,
    unnest(CASE WHEN is_whole THEN view_seconds END) AS seconds,
    unnest(CASE WHEN is_whole THEN view_scrolls END) AS scroll
  FROM (
    SELECT
      s.session_id,
      s.person_id,
      s.views,
      s.pages,
      s.view_seconds,
      s.view_scrolls,
      cardinality(s.view_seconds) = s.views
        AND (
          s.started_at BETWEEN $1::timestamptz + interval '24 hours' AND $2::timestamptz - interval '24 hours'
          OR (to_timestamp(s.marks[1][1]) >= $1::timestamptz
            AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) <= $2::timestamptz - interval '2 hours')
        )
        AND s.session_id NOT IN (
          SELECT shared.session_id
          FROM session_summaries AS shared
          WHERE shared.started_at >= $1::timestamptz - interval '24 hours' AND shared.started_at < $2::timestamptz + interval '24 hours'
            AND NOT shared.is_first
        ) AS is_whole
    FROM half
    JOIN session_summaries AS s ON s.started_at >= half.first_at AND s.started_at < half.end_at
    WHERE $3 <> '' AND s.views > 0
      AND (
        s.started_at BETWEEN $1::timestamptz AND $2::timestamptz - interval '24 hours'
        OR (to_timestamp(s.marks[1][1]) < $2::timestamptz
          AND to_timestamp(s.marks[cardinality(s.marks) / 2][1]) > $1::timestamptz - interval '2 hours')
      )
      /*where s*/
    LIMIT ALL
  ) AS session
) AS view
GROUP BY page_id

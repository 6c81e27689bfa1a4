-- The breakdown of whole days of the reporting time zone, without a filter, from what is counted by the day, and of all values
-- together from persons' returns. $1 to $7 as in report_breakdown.sql. Where it is not known who came (of values too rare to be
-- counted apart), the sessions are asked for everything.
WITH
/*part range_dates*/,
day AS MATERIALIZED (
  SELECT breakdown.*
  FROM range
  JOIN breakdown_daily AS breakdown ON breakdown.dimension = /*name by*/ 'device_type' /*by*/
    AND breakdown.date BETWEEN range.first_date AND range.last_date
),
rare AS MATERIALIZED (
  SELECT EXISTS (SELECT FROM day WHERE persons IS NULL) AS is_there
),
summed AS MATERIALIZED (
  SELECT
    value_id,
    sum(sessions) AS sessions,
    sum(ended_sessions) AS ended_sessions,
    sum(views) AS views,
    sum(ended_views) AS ended_views,
    sum(duration_seconds) AS duration_seconds,
    sum(bounce_sessions) AS bounce_sessions,
    sum(conversions) AS conversions,
    sum(converted_sessions) AS converted_sessions,
    sum(conversion_value) AS conversion_value
  FROM day
  WHERE visitors > 0 AND NOT (SELECT is_there FROM rare)
  GROUP BY value_id
  UNION ALL
  SELECT
    /*by s*/ s.device_type_id /*by*/,
    count(*) FILTER (WHERE s.is_first),
    count(*) FILTER (WHERE s.is_first AND s.is_ended),
    coalesce(sum(s.views) FILTER (WHERE s.is_first), 0),
    coalesce(sum(s.views) FILTER (WHERE s.is_first AND s.is_ended), 0),
    coalesce(sum(s.duration_seconds) FILTER (WHERE s.is_first AND s.is_ended), 0),
    count(*) FILTER (WHERE s.is_first AND s.is_ended AND s.duration_seconds < 30),
    coalesce(sum(s.conversions) FILTER (WHERE s.is_first), 0),
    count(*) FILTER (WHERE s.is_first AND s.conversions > 0),
    coalesce(sum(s.conversion_value) FILTER (WHERE s.is_first), 0)
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (SELECT is_there FROM rare)
  GROUP BY 1
),
seen AS (
  SELECT value_id, count(DISTINCT person_id) AS visitors
  FROM (
    SELECT value_id, unnest(persons) AS person_id FROM day WHERE NOT (SELECT is_there FROM rare)
    UNION ALL
    SELECT /*by s*/ s.device_type_id /*by*/, s.person_id
    FROM session_summaries AS s
    WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (SELECT is_there FROM rare)
  ) AS visit
  GROUP BY value_id
),
figures AS (
  SELECT false AS is_total, summed.*, coalesce(seen.visitors, 0) AS visitors
  FROM summed
  LEFT JOIN seen USING (value_id)
  UNION ALL
  SELECT
    true,
    NULL,
    coalesce(sum(sessions), 0),
    coalesce(sum(ended_sessions), 0),
    coalesce(sum(views), 0),
    coalesce(sum(ended_views), 0),
    coalesce(sum(duration_seconds), 0),
    coalesce(sum(bounce_sessions), 0),
    coalesce(sum(conversions), 0),
    coalesce(sum(converted_sessions), 0),
    coalesce(sum(conversion_value), 0),
    (
      SELECT coalesce(sum(persons), 0)
      FROM range
      JOIN visitor_returns AS returned ON returned.date BETWEEN first_date AND last_date AND returned.previous_date < first_date
    )
  FROM summed
),
/*part breakdown_ranked*/

-- $1 from, $2 to; $3 the zone, in which nothing is counted; $4 what to sort by; $5 how many rows, $6 behind which place;
-- $7 where given, only the values of these keys.
WITH person AS MATERIALIZED (
  SELECT
    /*by s*/ s.device_type_id /*by*/ AS value_id,
    s.person_id,
    count(*) FILTER (WHERE stands.is_first) AS sessions,
    count(*) FILTER (WHERE stands.is_first AND s.is_ended) AS ended_sessions,
    coalesce(sum(s.views) FILTER (WHERE stands.is_first), 0) AS views,
    coalesce(sum(s.views) FILTER (WHERE stands.is_first AND s.is_ended), 0) AS ended_views,
    coalesce(sum(s.duration_seconds) FILTER (WHERE stands.is_first AND s.is_ended), 0) AS duration_seconds,
    count(*) FILTER (WHERE stands.is_first AND s.is_ended AND s.duration_seconds < 30) AS bounce_sessions,
    coalesce(sum(s.conversions) FILTER (WHERE stands.is_first), 0) AS conversions,
    count(*) FILTER (WHERE stands.is_first AND s.conversions > 0) AS converted_sessions,
    coalesce(sum(s.conversion_value) FILTER (WHERE stands.is_first), 0) AS conversion_value
  FROM session_summaries AS s
  CROSS JOIN LATERAL (SELECT s.is_first /*first s*/ AS is_first) AS stands
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND $3 <> ''
    /*where s*/
  GROUP BY 1, 2
),
figures AS (
  SELECT
    false AS is_total,
    value_id,
    count(*) AS visitors,
    sum(sessions) AS sessions,
    sum(ended_sessions) AS ended_sessions,
    sum(views) AS views,
    sum(ended_views) AS ended_views,
    sum(duration_seconds) AS duration_seconds,
    sum(bounce_sessions) AS bounce_sessions,
    sum(conversions) AS conversions,
    sum(converted_sessions) AS converted_sessions,
    sum(conversion_value) AS conversion_value
  FROM person
  GROUP BY value_id
  UNION ALL
  SELECT
    true,
    NULL,
    count(DISTINCT person_id),
    coalesce(sum(sessions), 0),
    coalesce(sum(ended_sessions), 0),
    coalesce(sum(views), 0),
    coalesce(sum(ended_views), 0),
    coalesce(sum(duration_seconds), 0),
    coalesce(sum(bounce_sessions), 0),
    coalesce(sum(conversions), 0),
    coalesce(sum(converted_sessions), 0),
    coalesce(sum(conversion_value), 0)
  FROM person
),
/*part breakdown_ranked*/

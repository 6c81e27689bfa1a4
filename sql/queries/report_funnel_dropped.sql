-- Who took a step of a funnel and not the next one, the latest first. $1 to $4 as in report_funnel.sql, which says how steps are
-- taken; $5 the step; $6 how many; $7 the view or event behind which to go on: what they took the step with.
WITH RECURSIVE definition AS (
  SELECT
    coalesce($4::jsonb ->> 'per', 'person') AS per,
    coalesce(($4::jsonb ->> 'window_seconds')::integer, 86400) * interval '1 second' AS patience
),
step AS MATERIALIZED (
  SELECT
    place::integer AS number,
    kind,
    pattern AS name,
    like_pattern(pattern) AS pattern
  FROM jsonb_array_elements($4::jsonb -> 'steps') WITH ORDINALITY AS given (step, place)
  CROSS JOIN LATERAL jsonb_each_text(step) AS condition (kind, pattern)
),
taken AS MATERIALIZED (
  SELECT
    step.number,
    CASE WHEN per = 'session' THEN s.session_id::text ELSE s.person_id::text END AS who,
    s.session_id,
    s.person_id,
    v.viewed_at AS at,
    v.id
  FROM step
  JOIN page_views AS v ON v.viewed_at >= $1::timestamptz AND v.viewed_at < $2::timestamptz
    AND CASE step.kind WHEN 'page' THEN v.page_url WHEN 'category' THEN v.page_category END LIKE step.pattern
  JOIN session_summaries AS s ON s.session_id = v.session_id AND s.person_id = v.person_id
    AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
  CROSS JOIN definition
  WHERE $3 <> ''
    /*where s*/
  UNION ALL
  SELECT
    step.number,
    CASE WHEN per = 'session' THEN s.session_id::text ELSE s.person_id::text END,
    s.session_id,
    s.person_id,
    e.created_at,
    e.id
  FROM step
  JOIN user_events AS e ON step.kind = 'event' AND e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz
    AND e.event_action LIKE step.pattern
  JOIN session_summaries AS s ON s.session_id = e.session_id AND s.person_id = e.person_id
    AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
  CROSS JOIN definition
  WHERE true
    /*where s*/
),
reached AS (
  SELECT number, who, at, id, at AS began_at FROM taken WHERE number = 1
  UNION ALL
  SELECT number, who, at, id, began_at
  FROM (
    SELECT
      merged.number,
      max(merged.number) FILTER (WHERE merged.began_at IS NOT NULL) OVER () AS number_before,
      who,
      at,
      id,
      merged.began_at IS NULL AS is_candidate,
      max(merged.began_at) OVER (
        PARTITION BY who ORDER BY at, id, merged.began_at NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS began_at
    FROM (
      SELECT number, who, at, id, began_at FROM reached
      UNION ALL
      SELECT number, who, at, id, NULL FROM taken WHERE number > 1
    ) AS merged
  ) AS candidate, definition
  WHERE is_candidate AND number = number_before + 1 AND at <= began_at + patience
),
passed AS (
  SELECT DISTINCT ON (number, who) number, who, at, id, at - began_at AS after
  FROM reached
  WHERE number IN ($5::integer, $5::integer + 1)
  ORDER BY number, who, at, id
),
shown AS (
  SELECT last.*
  FROM passed AS last
  WHERE last.number = $5::integer AND last.number < (SELECT max(number) FROM step)
    AND NOT EXISTS (SELECT FROM passed AS next WHERE next.number = last.number + 1 AND next.who = last.who)
    AND ($7::text IS NULL OR (last.at, last.id) < (uuid7_ts($7::uuid), $7::uuid))
  ORDER BY last.at DESC, last.id DESC
  LIMIT $6::bigint + 1
)
SELECT
  false AS is_total,
  shown.id AS cursor,
  taken.person_id AS person,
  taken.session_id AS session,
  to_char(shown.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS reached_at,
  round(extract(epoch FROM shown.after), 2) AS after_seconds,
  device.value AS device_type,
  channel.value AS channel,
  next.page AS next_page
FROM shown
JOIN taken ON taken.number = shown.number AND taken.who = shown.who AND taken.at = shown.at AND taken.id = shown.id
JOIN session_summaries AS s ON s.session_id = taken.session_id AND s.person_id = taken.person_id
  AND s.started_at >= $1::timestamptz - interval '1 day' AND s.started_at < $2::timestamptz + interval '1 day'
LEFT JOIN dimension_values AS device ON device.id = s.device_type_id
LEFT JOIN dimension_values AS channel ON channel.id = s.channel_id
LEFT JOIN LATERAL (
  SELECT coalesce(v.page_host, '') || v.page_url AS page
  FROM page_views AS v
  WHERE v.session_id = taken.session_id AND (v.viewed_at, v.id) > (shown.at, shown.id)
    AND v.viewed_at < s.started_at + interval '2 days'
  ORDER BY v.viewed_at, v.id
  LIMIT 1
) AS next ON true
ORDER BY shown.at DESC, shown.id DESC

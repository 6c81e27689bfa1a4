-- Who took a step of a funnel and not the next one, the latest first. $1 to $4 as in parts/funnel_reached.sql; $5 the step; $6 how
-- many; $7 the view or event behind which to go on: what they took the step with.
WITH RECURSIVE
/*part funnel_reached*/,
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
  AND s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
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

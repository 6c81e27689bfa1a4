-- The sessions of the person $1, the latest first. $2 how many; $3 the session behind which to go on.
SELECT
  false AS is_total,
  s.session_id AS cursor,
  s.session_id AS session,
  to_char(s.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
  NOT s.is_ended AS is_active,
  s.duration_seconds,
  s.views,
  s.events,
  s.conversions,
  entry.value AS entry_page,
  exit.value AS exit_page,
  device.value AS device_type,
  browser.value AS browser,
  channel.value AS channel
FROM (
  SELECT s.*
  FROM session_summaries AS s
  WHERE s.person_id = $1::bigint
    AND ($3::text IS NULL OR (s.started_at, s.session_id) < (uuid7_ts($3::uuid), $3::uuid))
    /*where s*/
  ORDER BY s.started_at DESC, s.session_id DESC
  LIMIT $2::bigint + 1
) AS s
LEFT JOIN dimension_values AS entry ON entry.id = s.entry_page_id
LEFT JOIN dimension_values AS exit ON exit.id = s.exit_page_id
LEFT JOIN dimension_values AS device ON device.id = s.device_type_id
LEFT JOIN dimension_values AS browser ON browser.id = s.browser_id
LEFT JOIN dimension_values AS channel ON channel.id = s.channel_id
ORDER BY s.started_at DESC, s.session_id DESC

-- Sessions, the latest first. $1 from, $2 to: when they began; $3 the zone, in which nothing is counted; $4 how many; $5 the
-- session behind which to go on.
SELECT
  false AS is_total,
  s.session_id AS cursor,
  s.session_id AS session,
  s.person_id AS person,
  to_char(s.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
  NOT s.is_ended AS is_active,
  s.is_authenticated,
  s.duration_seconds,
  s.views,
  s.events,
  s.conversions,
  entry.value AS entry_page,
  exit.value AS exit_page,
  device.value AS device_type,
  browser.value AS browser,
  system.value AS os,
  nullif(country.value, '') AS country,
  channel.value AS channel,
  nullif(referrer.value, '') AS referrer_domain,
  nullif(campaign.value, '') AS utm_campaign
FROM (
  SELECT s.*
  FROM session_summaries AS s
  WHERE s.started_at >= $1::timestamptz AND s.started_at < $2::timestamptz AND (s.is_first /*first s*/) AND $3 <> ''
    AND ($5::text IS NULL OR (s.started_at, s.session_id) < (uuid7_ts($5::uuid), $5::uuid))
    /*where s*/
  ORDER BY s.started_at DESC, s.session_id DESC
  LIMIT $4::bigint + 1
) AS s
LEFT JOIN dimension_values AS entry ON entry.id = s.entry_page_id
LEFT JOIN dimension_values AS exit ON exit.id = s.exit_page_id
LEFT JOIN dimension_values AS device ON device.id = s.device_type_id
LEFT JOIN dimension_values AS browser ON browser.id = s.browser_id
LEFT JOIN dimension_values AS system ON system.id = s.os_id
LEFT JOIN dimension_values AS country ON country.id = s.country_id
LEFT JOIN dimension_values AS channel ON channel.id = s.channel_id
LEFT JOIN dimension_values AS referrer ON referrer.id = s.referrer_domain_id
LEFT JOIN dimension_values AS campaign ON campaign.id = s.utm_campaign_id
ORDER BY s.started_at DESC, s.session_id DESC

-- $2 sessions from $4 to $5 behind the session $1 of the person $3, in the order of the key.
SELECT session_id, person_id, first_hit_id,
  utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type, referrer_url,
  referrer_category, search_term, channel_type, channel_subtype
FROM session_attribution
WHERE started_at >= $4::timestamptz AND started_at < $5::timestamptz
  AND (started_at, session_id, person_id) > (uuid7_ts($1::uuid), $1::uuid, $3::bigint)
ORDER BY started_at, session_id, person_id
LIMIT $2::integer

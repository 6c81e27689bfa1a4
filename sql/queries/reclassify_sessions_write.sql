-- Sessions $1 of persons $6 from $8 to $9, unless an earlier hit than $7 describes them by now. A row for each that is written.
WITH written AS (
  UPDATE session_attribution a SET
    referrer_category = n.referrer_category, search_term = n.search_term, channel_type = n.channel_type,
    channel_subtype = n.channel_subtype
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::uuid[])
    AS n (id, referrer_category, search_term, channel_type, channel_subtype, person_id, first_hit_id)
  WHERE a.started_at >= $8::timestamptz AND a.started_at < $9::timestamptz
    AND a.started_at = uuid7_ts(n.id) AND a.session_id = n.id AND a.person_id = n.person_id
    AND a.first_hit_id = n.first_hit_id
  RETURNING a.session_id
), noted AS (
  INSERT INTO changed_sessions (session_ids) SELECT array_agg(session_id) FROM written HAVING count(*) > 0
)
SELECT FROM written

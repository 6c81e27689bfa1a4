-- Of the sessions $3, all of which began between $1 and $2, the summaries of those that are gone, and of persons who are not in them
-- any more.
DELETE FROM session_summaries s
USING unnest($3::uuid[]) AS noted (session_id)
WHERE s.started_at = uuid7_ts(noted.session_id) AND s.session_id = noted.session_id
  AND s.started_at BETWEEN $1::timestamptz AND $2::timestamptz
  AND NOT EXISTS (
    SELECT
    FROM user_sessions u
    WHERE u.started_at = s.started_at AND u.id = s.session_id AND u.person_id = s.person_id
      AND u.started_at BETWEEN $1::timestamptz AND $2::timestamptz)

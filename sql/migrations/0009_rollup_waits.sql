-- How far roll-ups are for a range of time: sessions that may have rows in it and are noted, and hours and days of it that are
-- yet to be counted. Nothing waits: the figures are those of the moment. Something does: they are those of as_of at least.
CREATE FUNCTION rollup_waits(from_at timestamptz, to_at timestamptz, OUT sessions bigint, OUT buckets bigint, OUT as_of timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT
    (SELECT count(*) FROM changed_sessions, unnest(session_ids) AS noted (session_id)
     WHERE uuid7_ts(session_id) >= from_at - interval '1 day' AND uuid7_ts(session_id) < to_at + interval '1 day'),
    (SELECT count(*) FROM changed_buckets WHERE bucket > from_at - interval '26 hours' AND bucket < to_at),
    (SELECT refreshed_at FROM rollup_state)
$$;

-- The time of the first hit with each message id; $1 hashes, $2 arrival in ms.
INSERT INTO message_times (message_hash, first_seen_at)
SELECT hash, ms_ts(min(ms)) FROM unnest($1::uuid[], $2::bigint[]) AS m (hash, ms) GROUP BY hash ORDER BY hash
ON CONFLICT DO NOTHING

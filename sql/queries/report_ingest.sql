-- Where hits stand between the collector and the figures: one row.
SELECT
  false AS is_total,
  to_char(stored.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS stored_at,
  greatest(0, extract(epoch FROM now() - stored.at))::bigint AS seconds_ago,
  (SELECT count(*) FROM changed_buckets WHERE due_at <= now()) AS buckets_waiting,
  (SELECT coalesce(sum(cardinality(session_ids)), 0) FROM changed_sessions)::bigint AS sessions_waiting,
  (SELECT count(*) FROM quarantine) AS quarantined,
  (SELECT coalesce(sum(hits), 0) FROM ingest_counts WHERE day > current_date - 30)::bigint AS left_out
FROM (SELECT max(updated_at) AS at FROM ingest_ledger) AS stored

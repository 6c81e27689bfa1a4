-- A day's overview is counted by itself, before all else, and once for its sessions and its views. A kind of bucket more:
--   'd' day: bucket = the day's beginning; the overview of the day, noted with 's' and with 'v'
ALTER TABLE changed_buckets DROP CONSTRAINT changed_buckets_kind_check,
  ADD CONSTRAINT changed_buckets_kind_check CHECK (kind IN ('d', 's', 'v', 'o', 'p'));

CREATE OR REPLACE FUNCTION note_deleted(row_times timestamptz[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO changed_buckets (kind, bucket)
  SELECT DISTINCT kind, CASE WHEN kind IN ('d', 'v') THEN day_begin((at AT TIME ZONE timezone)::date, timezone)
    ELSE date_trunc('hour', at, timezone) END
  FROM rollup_state, unnest(row_times) AS at, unnest('{d,v,o,p}'::"char"[]) AS kind
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING
$$;

-- What is noted already was noted for the overview, too.
INSERT INTO changed_buckets (kind, bucket, noted_at)
SELECT 'd', bucket, min(noted_at) FROM changed_buckets WHERE kind IN ('s', 'v') GROUP BY bucket;

-- The same as before; many amounts are equal, and one of each is enough to be told its bucket.
CREATE OR REPLACE FUNCTION histogram_of(amounts integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH counted AS (
    SELECT histogram_bucket(amount) AS bucket, sum(times)::integer AS amounts
    FROM (SELECT amount, count(*) AS times FROM unnest(amounts) AS amount GROUP BY amount) AS equal
    GROUP BY 1
  )
  SELECT coalesce(array_agg(coalesce(c.amounts, 0) ORDER BY bucket), '{}')
  FROM generate_series(0, (SELECT max(bucket) FROM counted)) AS bucket
  LEFT JOIN counted c USING (bucket)
$$;

-- Of a value of a dimension also who came and how long they stayed, and what was made on the day: so a breakdown's visitors and the
-- overview of such sessions need not ask the sessions.
ALTER TABLE breakdown_daily
  ADD COLUMN persons bigint[],           -- the distinct visitors, sorted; null: of (other), or counted before there was this column
  ADD COLUMN durations integer[],        -- of the ended sessions, sorted; null as persons
  ADD COLUMN made_views bigint NOT NULL DEFAULT 0, -- made on the day, in whatever session of this value; as view by view in overview_daily
  ADD COLUMN made_events bigint NOT NULL DEFAULT 0, -- likewise
  ADD COLUMN made_conversions bigint NOT NULL DEFAULT 0; -- likewise
-- A value has a row, too, where no session with it began on the day, but one went on.
-- Of which days and dimensions it is not known who came.
ALTER TABLE breakdown_daily ALTER persons SET STORAGE EXTERNAL, ALTER durations SET STORAGE EXTERNAL; -- compressing took a quarter of the day's time
CREATE INDEX idx_breakdown_unknown ON breakdown_daily (dimension, date) WHERE persons IS NULL;

-- A day of views is one of breakdowns, too ('s').
CREATE OR REPLACE FUNCTION note_deleted(row_times timestamptz[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO changed_buckets (kind, bucket)
  SELECT DISTINCT kind, CASE WHEN kind IN ('d', 's', 'v') THEN day_begin((at AT TIME ZONE timezone)::date, timezone)
    ELSE date_trunc('hour', at, timezone) END
  FROM rollup_state, unnest(row_times) AS at, unnest('{d,s,v,o,p}'::"char"[]) AS kind
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING
$$;

-- What is stored is yet to be counted this way; until then the sessions are asked.
INSERT INTO changed_buckets (kind, bucket)
SELECT 's', day_begin(date, timezone) FROM rollup_state, overview_daily
ON CONFLICT DO NOTHING;

-- How many persons saw a page on some days, the last included.
CREATE FUNCTION page_viewers(first_date date, last_date date, host text, url text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(DISTINCT viewer)
  FROM (
    SELECT unnest(day.viewers) AS viewer
    FROM generate_series(0, last_date - first_date) AS at
    CROSS JOIN LATERAL (
      SELECT viewers
      FROM page_metrics_daily
      WHERE date = first_date + at AND page_url = url AND page_host = host
      OFFSET 0
    ) AS day
  ) AS view
$$;

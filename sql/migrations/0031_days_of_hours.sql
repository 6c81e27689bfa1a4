-- A day's overview is put together from those of its hours, of which only that has to be counted in which something happened. For
-- this an hour has what cannot be added up.
ALTER TABLE overview_hourly
  ADD COLUMN date date,                  -- that the rows counted are of; an hour in which clocks are set back behind midnight has a row for each day
  ADD COLUMN durations integer[] NOT NULL DEFAULT '{}', -- of the ended sessions, sorted
  ADD COLUMN viewers bigint[] NOT NULL DEFAULT '{}', -- the distinct persons of its views, sorted
  ALTER durations SET STORAGE EXTERNAL, ALTER viewers SET STORAGE EXTERNAL;
UPDATE overview_hourly SET date = (hour AT TIME ZONE timezone)::date FROM rollup_state;
ALTER TABLE overview_hourly ALTER date SET NOT NULL, DROP CONSTRAINT overview_hourly_pkey, ADD PRIMARY KEY (hour, date);

-- What is stored is yet to be counted this way. An hour that was counted notes its day ('d').
INSERT INTO changed_buckets (kind, bucket)
SELECT 'o', hour FROM overview_hourly
ON CONFLICT DO NOTHING;

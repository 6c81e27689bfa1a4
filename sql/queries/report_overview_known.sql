-- Whether report_overview_valued.sql tells the same as report_overview.sql: it is known who came, of each of the filter's values and of
-- the rest, in which they may be, on each day. $1 to $4 as there; in $4 nothing is asked.
WITH
/*part range_dates*/
SELECT $4 <> '' AND NOT EXISTS (
  SELECT
  FROM range
  JOIN breakdown_daily AS b ON b.date BETWEEN first_date AND last_date AND b.dimension = /*dimension*/'device_type'/*dimension*/
  WHERE b.persons IS NULL AND (b.value_id = 1 OR b.value_id = ANY (/*values*/'{}'::integer[]/*values*/))
)

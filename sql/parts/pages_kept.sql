-- What days keep of the pages that the sessions of the filter's values saw. $1 from, $2 to, the beginning and the end of days of the
-- zone $3; $9 where given, only the pages of these keys are asked for. A day is kept where it keeps pages of every value.
/*part range_dates*/,
asked_value AS MATERIALIZED (
  SELECT DISTINCT value_id FROM unnest(/*values*/'{}'::integer[]/*values*/) AS value_id
),
asked_page AS MATERIALIZED (
  SELECT coalesce(named.id, -1 - (hashtext(text.page) & 1073741823)) AS page_id, text.page -- as in day_views
  FROM jsonb_array_elements($9::jsonb) AS key
  CROSS JOIN LATERAL (SELECT coalesce(key ->> 1, '') || (key ->> 0) AS page) AS text
  LEFT JOIN LATERAL (SELECT id FROM dimension_values WHERE value = text.page OFFSET 0) AS named ON true
),
day AS MATERIALIZED (
  SELECT first_date + step AS date, values_kept = (SELECT count(*) FROM asked_value) AS is_kept
  FROM range
  CROSS JOIN LATERAL generate_series(0, last_date - first_date) AS step
  CROSS JOIN LATERAL (
    SELECT count(*) AS values_kept
    FROM value_pages_daily AS row
    WHERE row.date = first_date + step AND row.page_id = 0 /*value row*/
  ) AS known
),
kept AS MATERIALIZED (
  SELECT row.*
  FROM day
  CROSS JOIN LATERAL (SELECT * FROM value_pages_daily AS row WHERE row.date = day.date /*value row*/ OFFSET 0) AS row
  WHERE day.is_kept
),
known_page AS MATERIALIZED (
  SELECT date, page_id
  FROM kept
  WHERE page_id > 0
  GROUP BY date, page_id
  HAVING count(*) = (SELECT count(*) FROM asked_value)
),
kept_value AS MATERIALIZED (
  SELECT date, value_id, views_at_most FROM kept WHERE page_id = 0
)

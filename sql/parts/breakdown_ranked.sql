-- The rows of a breakdown that are shown, from `figures`: a row for each value and one for all. $4 what to sort by; $5 how many rows,
-- $6 behind which place; $7 where given, only the values of these keys.
ranked AS (
  SELECT
    figures.*,
    named.value,
    row_number() OVER (
      PARTITION BY is_total
      ORDER BY CASE $4
        WHEN 'visitors' THEN visitors
        WHEN 'views' THEN views
        WHEN 'conversions' THEN conversions
        ELSE sessions END DESC, visitors DESC, named.value COLLATE "C"
    ) AS place
  FROM figures
  LEFT JOIN dimension_values AS named ON named.id = figures.value_id
)
SELECT
  is_total,
  place AS cursor,
  value,
  visitors,
  sessions,
  views,
  round(ended_views / nullif(ended_sessions, 0), 2) AS pages_per_session,
  round(duration_seconds / nullif(ended_sessions, 0), 2) AS mean_duration_seconds,
  bounce_sessions,
  round(100.0 * bounce_sessions / nullif(ended_sessions, 0), 2) AS bounce_rate_percent,
  conversions,
  conversion_value,
  round(100.0 * converted_sessions / nullif(sessions, 0), 2) AS conversion_rate_percent
FROM ranked
WHERE is_total OR CASE WHEN $7::jsonb IS NULL
  THEN place > $6::bigint AND place <= $6::bigint + $5::bigint + 1
  ELSE jsonb_build_array(value) IN (SELECT jsonb_array_elements($7::jsonb)) END
ORDER BY is_total, place

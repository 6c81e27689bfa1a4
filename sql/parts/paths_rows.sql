-- The rows of paths, from `shown` and `seen`, their figures by place.
SELECT
  false AS is_total,
  place AS cursor,
  (
    SELECT json_agg(value ORDER BY step)
    FROM unnest(path) WITH ORDINALITY AS way (page, step)
    JOIN dimension_values ON dimension_values.id = page
  ) AS path,
  cardinality(path) AS pages,
  sessions,
  visitors,
  round(duration_seconds::numeric / nullif(ended_sessions, 0), 2) AS mean_duration_seconds,
  round(100.0 * converted_sessions / nullif(sessions, 0), 2) AS conversion_rate_percent
FROM shown
JOIN seen USING (place)
ORDER BY place

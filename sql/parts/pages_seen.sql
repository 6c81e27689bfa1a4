-- The candidates with who saw them, from `seen` by place, and of the total from `seen_any`.
placed AS (
  SELECT
    candidate.*,
    CASE WHEN is_total THEN seen_any.visitors ELSE coalesce(seen.visitors, 0) END AS visitors
  FROM candidate
  CROSS JOIN seen_any
  LEFT JOIN seen USING (place)
)

-- The ways whose keys are given in $9, as the ids of their pages.
asked AS MATERIALIZED (
  SELECT array_agg(named.id ORDER BY way.step) AS path
  FROM jsonb_array_elements($9::jsonb) WITH ORDINALITY AS row (key, number)
  CROSS JOIN LATERAL jsonb_array_elements_text(row.key -> 0) WITH ORDINALITY AS way (value, step)
  LEFT JOIN dimension_values AS named USING (value)
  GROUP BY row.number
)

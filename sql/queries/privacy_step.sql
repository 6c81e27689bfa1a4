-- The request $1 is at the step $2 from now on; $3 more rows, by table.
UPDATE person_requests AS r SET step = $2, step_at = CASE WHEN step = $2 THEN step_at ELSE now() END, error = NULL,
  counts = (
    SELECT coalesce(jsonb_object_agg(key, rows), '{}')
    FROM (
      SELECT key, sum(value::bigint) AS rows
      FROM (SELECT * FROM jsonb_each_text(r.counts) UNION ALL SELECT * FROM jsonb_each_text($3::jsonb)) AS counted
      GROUP BY key
    ) AS summed)
WHERE id = $1::bigint

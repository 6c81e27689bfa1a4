-- Which of the ways in `counted` are shown. $7 how many rows, $8 behind which place; $9 where given, only those
-- asked for.
shown AS MATERIALIZED (
  SELECT
    *,
    $8::bigint + row_number() OVER (ORDER BY sessions DESC, cardinality(path), path) AS place
  FROM (
    SELECT path, sessions
    FROM counted
    WHERE $9::jsonb IS NULL OR path IN (SELECT path FROM asked)
    ORDER BY sessions DESC, cardinality(path), path
    LIMIT $7::bigint + 1 OFFSET $8::bigint
  ) AS figures
)

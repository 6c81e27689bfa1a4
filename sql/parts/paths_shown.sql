-- Which of the ways in `counted` are shown. $7 how many rows, $8 behind which place.
shown AS MATERIALIZED (
  SELECT
    *,
    $8::bigint + row_number() OVER (ORDER BY sessions DESC, cardinality(path), path) AS place
  FROM (
    SELECT path, sessions
    FROM counted
    ORDER BY sessions DESC, cardinality(path), path
    LIMIT $7::bigint + 1 OFFSET $8::bigint
  ) AS figures
)

-- Which of the pairs in `step` are shown, and their pages' names, which are looked up for these only. $5 how many rows, $6 behind
-- which place; $7 where given, only the pairs of these keys.
shown AS MATERIALIZED (
  SELECT
    *,
    $6::bigint + row_number() OVER (ORDER BY transitions DESC, from_page COLLATE "C", to_page COLLATE "C") AS place
  FROM (
    SELECT from_id, to_id, from_page.value AS from_page, to_page.value AS to_page, transitions, sessions
    FROM step
    CROSS JOIN LATERAL (SELECT value FROM dimension_values WHERE id = from_id OFFSET 0) AS from_page
    CROSS JOIN LATERAL (SELECT value FROM dimension_values WHERE id = to_id OFFSET 0) AS to_page
    WHERE CASE WHEN $7::jsonb IS NULL
      THEN transitions >= coalesce(
        (SELECT least.transitions FROM step AS least ORDER BY least.transitions DESC LIMIT 1 OFFSET $6::bigint + $5::bigint), 0)
      ELSE (from_id, to_id) IN (
        SELECT from_known.id, to_known.id
        FROM jsonb_array_elements($7::jsonb) AS pair
        JOIN dimension_values AS from_known ON from_known.value = pair ->> 0
        JOIN dimension_values AS to_known ON to_known.value = pair ->> 1
      ) END
    ORDER BY transitions DESC, from_page.value COLLATE "C", to_page.value COLLATE "C"
    LIMIT $5::bigint + 1 OFFSET $6::bigint
  ) AS figures
)

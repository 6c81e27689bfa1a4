-- The rows of retention, from `size` and `counted`: the active persons of a cohort in each period.
SELECT
  false AS is_total,
  signed_up.first_date AS cohort,
  persons,
  period.number - size.cohort AS period,
  coalesce(active_persons, 0) AS active_persons,
  round(100.0 * coalesce(active_persons, 0) / persons, 2) AS retention_percent
FROM size
JOIN period AS signed_up ON signed_up.number = size.cohort
JOIN period ON period.number >= size.cohort
LEFT JOIN counted ON counted.cohort = size.cohort AND counted.number = period.number
ORDER BY signed_up.first_date, period.number

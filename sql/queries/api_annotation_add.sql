-- Notes $2 at the day $1, by the token $3; gives no row where a thousand, the most, are there already.
WITH made AS (
  INSERT INTO annotations (day, note, token_id)
  SELECT $1::date, $2, $3::bigint
  WHERE (SELECT count(*) FROM annotations) < 1000
  RETURNING id, token_id
),
noted AS (
  INSERT INTO audit_log (action, outcome, token_id, subject)
  SELECT 'annotation.add', 'done', token_id, 'annotation ' || id FROM made
)
SELECT id FROM made

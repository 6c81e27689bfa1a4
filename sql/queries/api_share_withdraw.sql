-- Ends the share $1, for the token $2; gives no row where there is none in force.
WITH ended AS MATERIALIZED (
  SELECT share_withdraw($1::bigint) AS id
)
INSERT INTO audit_log (action, outcome, token_id, subject)
SELECT 'share.withdraw', 'done', $2::bigint, 'token ' || id FROM ended WHERE id IS NOT NULL

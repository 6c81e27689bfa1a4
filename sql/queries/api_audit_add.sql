-- $1 action, $2 outcome, $3 the token of who did it or null, $4 to what or null.
INSERT INTO audit_log (action, outcome, token_id, subject)
VALUES ($1, $2, $3::bigint, $4)

-- $1 name, $2 role, $3 SHA-256 of the token in hexadecimal, $4 days until it expires, null for never.
INSERT INTO api_tokens (name, role, token_sha256, expires_at)
VALUES ($1, $2, $3, now() + make_interval(days => $4::integer))
RETURNING id

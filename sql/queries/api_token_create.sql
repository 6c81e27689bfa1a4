INSERT INTO api_tokens (name, role, token_sha256, expires_at)
VALUES ($1, $2, $3, $4::timestamptz)
RETURNING id

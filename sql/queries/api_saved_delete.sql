DELETE FROM saved WHERE kind = $1 AND name = $2

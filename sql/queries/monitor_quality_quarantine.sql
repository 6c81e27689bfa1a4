-- Hits that could not be stored.
SELECT count(*) FROM quarantine

-- From staging, leaving out what is there already.
INSERT INTO robots SELECT * FROM batch_robots ON CONFLICT DO NOTHING

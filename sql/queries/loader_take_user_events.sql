-- From staging, leaving out what is there already.
INSERT INTO user_events SELECT * FROM batch_user_events ON CONFLICT DO NOTHING

-- From staging, leaving out what is there already.
INSERT INTO page_views SELECT * FROM batch_page_views ON CONFLICT DO NOTHING

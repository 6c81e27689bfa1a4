DELETE FROM rollup_failures f USING batch_changed b WHERE f.session_id = b.session_id

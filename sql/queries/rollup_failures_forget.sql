DELETE FROM rollup_failures f USING step_changed b WHERE f.session_id = b.session_id

-- A column in the predicate of an index keeps a row from being updated in place, if it changes. ended_at changes with every hit
-- of a session that was over already when its hits were loaded; is_active only when a session ends or goes on.
DROP INDEX idx_sessions_active;
CREATE INDEX idx_sessions_active ON user_sessions (started_at) WHERE is_active;

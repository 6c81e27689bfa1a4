-- All that is read of a person is of one moment.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

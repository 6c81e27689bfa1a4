-- Whether hits are waiting for the loader: it puts the activity of sessions off only then.
SELECT EXISTS (SELECT FROM session_touches)

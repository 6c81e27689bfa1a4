// Leaves on their way through a transaction.
#pragma once
#include "loader/load.h"

// A leave of a view, as activity of a session that the view is in.
typedef struct SessionLeave {
	Uuid session_id;
	Uuid view_id;
	int64_t left_ms;
	bool is_end;  // the client ended the session there
	bool is_kept; // stands in session_leaves
} SessionLeave;

typedef struct SessionLeaves {
	SessionLeave *rows; // by session, time, view
	size_t count;
} SessionLeaves;

// Writes what they measured, those of the batch and those that waited for its views, into their views. *leaves become those
// whose view is there; the others wait.
bool leaves_write(Load *load, SessionLeaves *leaves, Error *error) MUST_USE;
void session_leaves_sort(SessionLeaves *leaves);
// How far leaves of one session carry on activity that lasted until last_ms: far, one for each, is whether it comes too late for
// that. Returns the last of the others as a touch, or 0 where they add nothing.
int64_t session_leaves_reach(const SessionLeave *leaves, size_t count, int64_t last_ms, const LoaderRules *rules,
	bool *far);
// Leaves of those sessions, and what is kept of them from before. All activity there is of the sessions is known, or stands in
// user_sessions.
bool leaves_extend(Load *load, const UuidSet *sessions, const SessionLeaves *leaves, Error *error) MUST_USE;

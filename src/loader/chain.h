// Sessions out of hits that brought none: pure arithmetic on sorted points.
//
// A *run* is a chain of hits of one person on one browser with gaps up to the timeout; a leave of a view of the run, within
// the timeout of the last activity, is activity too and carries the run on, any other leave is none. A run is cut at every full 24 hours from
// its start; each *part* that holds a hit is a session. A session's id is made from its first hit and the browser, so the
// result depends on the set of points only, and hits of two browsers never share a session, whatever ids they were given.
#pragma once
#include "base/error.h"
#include "base/uuid.h"
#include "loader/rules.h"

typedef struct ChainPoint {
	int64_t time_ms;
	Uuid id; // of the hit; of a leave, of its view
	bool is_leave;
	bool is_view;    // counts in the sequence of views
	uint32_t part;   // out: index of the part a hit belongs to; of a leave, the part of its time where it counted
	bool is_counted; // out: false for a leave that is no activity
} ChainPoint;

// Whose points they are, and the run that goes on from before the first of them.
typedef struct ChainPrior {
	int64_t browser; // 0: none
	bool is_given;
	int64_t run_started_ms;
	int64_t last_activity_ms; // of the run
	bool is_part_open;        // the part of `part_id` goes on as well, where a point falls into it
	Uuid part_id;
	Uuid part_first_hit_id;
	int64_t part_started_ms;
} ChainPrior;

typedef struct ChainPart {
	Uuid id;           // of the session
	Uuid first_hit_id; // made from this hit
	uint32_t first_point;
	int64_t started_ms;
	int64_t run_started_ms;
	int64_t last_activity_ms; // never behind the part's end
	bool is_prior;            // the part that was open before the first point
} ChainPart;

int chain_point_compare(const ChainPoint *left,
	const ChainPoint *right); // time, hits before leaves, id, views before events
Uuid chain_session_id(Uuid first_hit_id, int64_t browser);
// The n-th part (0, 1, …) of a client's session that runs past 24 hours; part 0 is the session itself.
Uuid chain_client_part_id(Uuid session_id, int64_t part, const LoaderRules *rules);
int64_t chain_client_part(Uuid session_id, int64_t time_ms, const LoaderRules *rules);

// Points must be sorted by chain_point_compare. `parts` has room for one part a point and one more; returns how many were
// made; *run_last_ms is the last activity of the last run.
size_t chain_make(ChainPoint *points, size_t count, const ChainPrior *prior, const LoaderRules *rules, ChainPart *parts,
	int64_t *run_last_ms);

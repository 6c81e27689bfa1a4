// The sessions that hits make up, counted anew from the definitions, as plainly as possible and by no code of the loader's.
#pragma once
#include "harness/hit_case.h"

typedef struct Counted {
	Uuid client_id; // nil where the client named no session
	int64_t person;
	int64_t started_ms;
	int64_t last_ms;
	int views;
	int events;
} Counted;

typedef struct Recount {
	const Case *made;
	int64_t person[HITS_MAX];
	Counted sessions[HITS_MAX];
	size_t count;
} Recount;

void recount_make(const Case *made, Recount *recount);

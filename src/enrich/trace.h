// Why each step made of a hit what it made, for whoever asks. Nobody does where hits are many: a trace that is NULL takes no note
// and costs a comparison.
#pragma once
#include "base/arena.h"

typedef struct TraceNote {
	struct TraceNote *next;
	const char *step; // "query", "category", "channel", "agent"
	Slice subject;    // what of it, such as a parameter's name; SLICE_NONE: all
	Slice before;     // what stood there; SLICE_NONE where the reader knows, here and below
	Slice after;      // what stays of it
	Slice reason;
} TraceNote;

typedef struct Trace {
	Arena *arena; // of the notes
	TraceNote *first;
	TraceNote *last;
} Trace;

// Why what became of a whole step.
void trace_note(Trace *trace, const char *step, const char *format, ...) __attribute__((format(printf, 3, 4)));
// What became of a part of it. The slices must live as long as the trace. A note is left out when the arena is full.
void trace_change(Trace *trace, const char *step, Slice subject, Slice before, Slice after, const char *reason);

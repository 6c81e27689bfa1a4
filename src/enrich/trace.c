#include "enrich/trace.h"

#include <stdarg.h>
#include <stdio.h>

#define REASON_SIZE 512

void trace_change(Trace *trace, const char *step, Slice subject, Slice before, Slice after, const char *reason)
{
	TraceNote *note = trace == NULL ? NULL : ARENA_NEW(trace->arena, TraceNote);
	if (note == NULL)
		return;
	*note = (TraceNote){.step = step,
		.subject = subject,
		.before = before,
		.after = after,
		.reason = arena_copy(trace->arena, slice_from(reason))};
	if (trace->last == NULL)
		trace->first = note;
	else
		trace->last->next = note;
	trace->last = note;
}

void trace_note(Trace *trace, const char *step, const char *format, ...)
{
	char reason[REASON_SIZE];
	va_list arguments;
	if (trace == NULL)
		return;
	va_start(arguments, format);
	(void) vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	trace_change(trace, step, SLICE_NONE, SLICE_NONE, SLICE_NONE, reason);
}

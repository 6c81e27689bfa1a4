// The query of a URL, and what may be kept of it as a JSON object.
#pragma once
#include "enrich/deny.h"
#include "enrich/trace.h"

#define QUERY_PARAMETERS_MAX 64             // kept; what stands behind them is dropped
#define QUERY_VALUE_SIZE_MAX ((size_t) 500) // longer values are cut and end in "…"
#define QUERY_JSON_SIZE_MAX ((size_t) 16384)

typedef struct QueryParameter {
	Slice name;
	Slice value;
	bool is_kept; // false: not on the allow list, so it only tells of campaigns and clicks
} QueryParameter;

typedef struct Query {
	QueryParameter *parameters;
	size_t count;
} Query;

// Decodes `text` ("a=1&b=2", without '?') as browsers do for forms, drops what may not be kept (deny_parameter). Of equal names the last value counts, at the place of the first; empty names are dropped.
bool query_parse(Slice text, const Deny *deny, Trace *trace, Arena *arena, Query *query, Error *error) MUST_USE;
// The value of a name in any case; SLICE_NONE where it is not given or empty.
Slice query_get(const Query *query, const char *name);
// What is kept, as a JSON object; SLICE_NONE where that is nothing. The last ones are left out where all do not fit.
bool query_to_json(const Query *query, Arena *arena, Slice *json, Error *error) MUST_USE;

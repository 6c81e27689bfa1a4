// What the files that carry out requests share.
#pragma once
#include "base/arena.h"
#include "privacy/request.h"
#include "privacy/work.h"

typedef enum RequestStep {
	REQUEST_ASKED,
	REQUEST_ROWS,
	REQUEST_CONTEXTS,
	REQUEST_FIGURES,
	REQUEST_TEXTS,
	REQUEST_STATISTICS,
	REQUEST_BUFFER,
	REQUEST_STEP_COUNT
} RequestStep;

typedef struct Request {
	const PrivacyWork *work;
	PgConn *conn;
	Arena *arena; // of one statement's parameters
	int64_t id;
	int64_t person;
	PrivacyAction action;
	RequestStep step;
	int64_t step_at_ms; // since when
} Request;

PgParam request_number(const Request *request, int64_t number);
// The request is at this step from now on, with so many rows more, {"table": rows}; in the caller's transaction, if there is one.
bool request_step(Request *request, RequestStep step, Slice counts, Error *error) MUST_USE;

// erase.c: each a step; *is_done false where there is more of it.
bool erase_begin(Request *request, bool *is_done, Error *error) MUST_USE;
bool erase_rows(Request *request, bool *is_done, Error *error) MUST_USE;
bool erase_contexts(Request *request, bool *is_done, Error *error) MUST_USE;
bool erase_statistics(Request *request, bool *is_done, Error *error) MUST_USE;

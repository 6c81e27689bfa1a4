// Answers that say what went wrong: application/problem+json (RFC 9457) with a code, a sentence, and the parameter that is
// to blame where there is one.
#pragma once
#include "base/error.h"
#include "http/server.h"

typedef struct ApiProblem {
	const char *parameter;   // NULL: none
	int retry_after_seconds; // of a 503 or 429
} ApiProblem;

// Failures of ours are logged and told without their reason. problem may be NULL.
void api_problem_respond(HttpRequest *request, const Error *error, const ApiProblem *problem);
void api_problem_not_found(HttpRequest *request);
// To OPTIONS 204, to anything else 405, naming the methods there are.
void api_problem_method(HttpRequest *request, const char *allowed);

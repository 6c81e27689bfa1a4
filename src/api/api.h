// The private HTTP port: the dashboard's page, the reports as JSON and CSV, health and metrics.
//
// Every request is answered within its own call, on the loop's thread: reports run one after another, each bounded by the
// reader's statement time-out, and while one runs the others wait. A process that answers reports does nothing else.
// The database may go away and come back at any time; meanwhile requests that need it are answered 503 with Retry-After.
#pragma once
#include "base/error.h"
#include "http/server.h"
#include "pg/conn.h"

typedef struct Api Api;

typedef struct ApiOptions {
	PgOptions reader;         // token checks and reports; read-only, with a statement time-out
	PgOptions writer;         // when a token was last used; dsn NULL: that is not recorded
	const char *zone_default; // of reports that name none
	// Where hits go, for the page's first hint: asked each time, since the collector comes and goes. May be NULL, may give
	// NULL; the text must live until the next call.
	const char *(*collect_url)(void *context);
	void *context;
} ApiOptions;

// Options are copied, their texts must outlive the Api. Does not need the database yet.
bool api_open(const ApiOptions *options, Api **api, Error *error) MUST_USE;
void api_close(Api *api); // NULL is fine
// An HttpHandler; context is the Api.
void api_handle(HttpRequest *request, void *context);

// The private HTTP port: the dashboard's page, the reports as JSON and CSV, health and metrics.
//
// The loop's thread only takes requests apart and answers them. Whatever asks the database runs on threads, each with a
// connection of its own, in two pools (docs/decisions/api-threads.md): `access` for what is short (who asks), `reports` for
// what may take long, read-only and each statement bounded by the time-out. Requests for the same report at the same time
// share one run of it; when all who wait for it have left, it is cancelled.
// The database may go away and come back at any time; meanwhile requests that need it are answered 503 with Retry-After.
#pragma once
#include "base/error.h"
#include "http/server.h"
#include "pg/conn.h"

typedef struct Api Api;

typedef struct ApiOptions {
	PgOptions reader;         // reports; read-only, with a statement time-out
	PgOptions writer;         // tokens, sign-ins, audit
	int sign_in_hours;        // that a sign-in is good for at the most
	const char *public_url;   // at which browsers reach the port through a proxy; "": as they say in Host
	int report_threads;       // reports that run at once
	int report_waiting_max;   // and that wait; further ones are answered 503
	const char *zone_default; // of reports that name none
	// Of the streams beside us, whose hits belong to what is held about a person; may not be there.
	const char *buffer_folder;
	// Where hits go, for the page's first hint: asked each time, since the collector comes and goes. May be NULL, may give
	// NULL; the text must live until the next call.
	const char *(*collect_url)(void *context);
	// The key of a browser that the hint shows, on the same terms.
	const char *(*browser_key)(void *context);
	void *context;
} ApiOptions;

// Options are copied, their texts must outlive the Api. Does not need the database yet.
bool api_open(const ApiOptions *options, HttpLoop *loop, Api **api, Error *error) MUST_USE;
// When server and loop are closed; waits until what runs is given up. NULL is fine.
void api_close(Api *api);
// An HttpHandler of that loop; context is the Api.
void api_handle(HttpRequest *request, void *context);

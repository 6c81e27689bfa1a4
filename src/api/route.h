// Every path there is, what each needs, and who answers it: the one table that requests are handed on by, that the API
// describes itself from, and that the tests walk. The dashboard's files are no rows of it: they are open, and read only.
#pragma once
#include "api/call.h"
#include "report/definition.h"

typedef enum ApiNeed {
	API_NEEDS_NOTHING, // whoever reaches the port
	API_NEEDS_SHARE,   // any role, and who has a share link
	API_NEEDS_VIEWER,  // any role of people and programs
	API_NEEDS_PRIVACY, // this one role
	API_NEEDS_ADMIN    // this one role
} ApiNeed;

typedef struct ApiRoute {
	const char *path;  // NULL for a report: "/api/v1/" and its name; {…} stands for any one segment
	HttpMethod method; // GET answers HEAD, too
	ApiNeed need;
	void (*serve)(ApiCall *call); // answers in any case, at once or later
	const char *meaning;
} ApiRoute;

// paths.c. The first ends with a path of NULL; the methods of a path stand one behind the other.
extern const ApiRoute api_routes[];
extern const ApiRoute api_report_route;
extern const ApiRoute api_report_posted_route;
extern const ApiRoute api_report_shared_route;
extern const ApiRoute api_report_shared_posted_route;

#define API_ROUTE_PATH_SIZE 64

// The route of a request, and the report where it is one; NULL where there is none. *allowed: the methods that the path
// answers, as the header Allow wants them; "" where there is no such path.
#define API_ALLOWED_SIZE 64
const ApiRoute *api_route_find(Slice path, HttpMethod method, const Report **report, char allowed[API_ALLOWED_SIZE]);
// By index, reports behind the others; NULL past the last. `path` as in the request.
const ApiRoute *api_route_at(size_t index, const Report **report, char path[API_ROUTE_PATH_SIZE]);
// What stands in a path where its route has a placeholder, {…}; SLICE_NONE where it has none.
Slice api_route_placeholder(const ApiRoute *route, Slice path);
const char *api_need_name(ApiNeed need); // "" where nothing is needed
bool api_need_is_met(ApiNeed need, ApiRole role);

#include "api/route.h"

#include "api/reports.h"
#include "report/catalog.h"

#include <stdio.h>
#include <string.h>

static const ApiRoute *method_find(const ApiRoute *route, HttpMethod method, char allowed[API_ALLOWED_SIZE])
{
	size_t size = strlen(allowed);
	(void) snprintf(allowed + size, API_ALLOWED_SIZE - size, "%s",
		route->method == HTTP_GET          ? "GET, HEAD, "
			: route->method == HTTP_DELETE ? "DELETE, "
										   : "POST, ");
	return route->method == method || (route->method == HTTP_GET && method == HTTP_HEAD) ? route : NULL;
}

static const ApiRoute *report_route(const Report *report, bool is_posted)
{
	if (report->is_shared)
		return is_posted ? &api_report_shared_posted_route : &api_report_shared_route;
	return is_posted ? &api_report_posted_route : &api_report_route;
}

// One that takes a definition takes it as a body, too.
static const ApiRoute *report_route_find(const Report *report, HttpMethod method, char allowed[API_ALLOWED_SIZE])
{
	const ApiRoute *found = method_find(report_route(report, false), method, allowed);
	const ApiRoute *posted =
		api_report_body(report) == NULL ? NULL : method_find(report_route(report, true), method, allowed);
	return found == NULL ? posted : found;
}

// Segment by segment. *placed: what stands for the placeholder.
static bool path_matches(const char *wanted, Slice path, Slice *placed)
{
	Slice rest = slice_from(wanted);
	*placed = SLICE_NONE;
	while (rest.data != NULL && path.data != NULL)
	{
		Slice segment = slice_split(rest, '/', &rest);
		Slice given = slice_split(path, '/', &path);
		bool is_placeholder = segment.size > 0 && segment.data[0] == '{' && given.size > 0;
		if (is_placeholder)
			*placed = given;
		else if (!slice_equal(segment, given))
			return false;
	}
	return rest.data == NULL && path.data == NULL;
}

Slice api_route_placeholder(const ApiRoute *route, Slice path)
{
	Slice placed = SLICE_NONE;
	return path_matches(route->path, path, &placed) ? placed : SLICE_NONE;
}

const ApiRoute *api_route_find(Slice path, HttpMethod method, const Report **report, char allowed[API_ALLOWED_SIZE])
{
	const ApiRoute *found = NULL;
	Slice root = SLICE_LITERAL(API_ROOT);
	*allowed = '\0';
	Slice id = SLICE_NONE;
	Slice placed = SLICE_NONE;
	*report = slice_starts_with(path, root) ? report_find_path(slice_sub(path, root.size, path.size), &id) : NULL;
	if (*report != NULL)
		found = report_route_find(*report, method, allowed);
	for (size_t i = 0; *report == NULL && api_routes[i].path != NULL; i++)
	{
		if (!path_matches(api_routes[i].path, path, &placed))
			continue;
		const ApiRoute *route = method_find(&api_routes[i], method, allowed);
		found = route == NULL ? found : route;
	}
	size_t size = strlen(allowed);
	if (size > 0)
		(void) snprintf(allowed + size, API_ALLOWED_SIZE - size, "OPTIONS");
	return found;
}

static void report_path_write(const Report *report, char path[API_ROUTE_PATH_SIZE])
{
	if (report->collection == NULL)
		(void) snprintf(path, API_ROUTE_PATH_SIZE, API_ROOT "%s", report->name);
	else
		(void) snprintf(path, API_ROUTE_PATH_SIZE, API_ROOT "%s/{%s}", report->collection,
			report_parameter_name(report->arguments[0].parameter));
}

const ApiRoute *api_route_at(size_t index, const Report **report, char path[API_ROUTE_PATH_SIZE])
{
	size_t count = 0;
	*report = NULL;
	for (; api_routes[count].path != NULL; count++)
	{
		if (count != index)
			continue;
		(void) snprintf(path, API_ROUTE_PATH_SIZE, "%s", api_routes[count].path);
		return &api_routes[count];
	}
	for (size_t i = 0; (*report = report_at(i)) != NULL; i++)
	{
		bool has_body = api_report_body(*report) != NULL;
		if (index - count < (has_body ? 2 : 1))
		{
			report_path_write(*report, path);
			return report_route(*report, index > count);
		}
		count += has_body ? 2 : 1;
	}
	return NULL;
}

const char *api_need_name(ApiNeed need)
{
	static const char *const names[] = {"", "share", "viewer", "privacy", "admin"};
	return names[need];
}

bool api_need_is_met(ApiNeed need, ApiRole role)
{
	switch (need)
	{
	case API_NEEDS_NOTHING:
	case API_NEEDS_SHARE:
		return true;
	case API_NEEDS_VIEWER:
		return role != API_ROLE_SHARE;
	case API_NEEDS_PRIVACY:
		return role == API_ROLE_PRIVACY;
	case API_NEEDS_ADMIN:
		return role == API_ROLE_ADMIN;
	}
	return false;
}

// The process that answers questions: the API and the dashboard.
#include "api/api.h"
#include "base/clock.h"
#include "http/server.h"
#include "intake/keys_file.h"
#include "service/database.h"
#include "service/first_key.h"
#include "service/role.h"

#include <stdio.h>

#define ARENA_SIZE_MAX ((size_t) 65536)

typedef struct Analytics {
	RoleContext *role;
	HttpLoop *loop;
	HttpServer *server;
	Api *api;
	Arena arena; // of the connection strings, and the buffer's path
	RoleState collector;
	char browser_key[KEY_TEXT_SIZE];
} Analytics;

static void on_hangup(void *context)
{
	const Analytics *analytics = context;
	role_reload(analytics->role);
}

// Of the collector beside us; of one on another machine we know nothing.
static const char *collect_url(void *context)
{
	Analytics *analytics = context;
	Error error;
	bool is_read = role_state_read(analytics->role->settings->state_dir, ROLE_COLLECTOR, &analytics->collector, &error);
	return is_read && analytics->collector.pid != 0 && *analytics->collector.url != '\0' ? analytics->collector.url
																						 : NULL;
}

// The first of them.
static const char *browser_key(void *context)
{
	Analytics *analytics = context;
	const char *path = NULL;
	KeyList list;
	Arena arena;
	Error error;
	arena_init(&arena, KEYS_ARENA_SIZE_MAX);
	analytics->browser_key[0] = '\0';
	if (write_keys_path(analytics->role->settings, &arena, &path, &error)
		&& keys_file_read(path, &arena, &list, &error))
		for (size_t i = list.count; i-- > 0;)
			if (list.keys[i].kind == KEY_BROWSER)
				(void) snprintf(analytics->browser_key, sizeof analytics->browser_key, "%.*s",
					SLICE_PRINT(list.keys[i].key));
	arena_free(&arena);
	return *analytics->browser_key == '\0' ? NULL : analytics->browser_key;
}

static HttpLimits limits_from(const Settings *settings)
{
	return (HttpLimits){
		.body_bytes_max = (size_t) settings->request_bytes_max,
		.connections_max = (int) settings->connections_max,
		.request_deadline_ms = settings->request_deadline_seconds * CLOCK_SECOND_MS,
		.idle_timeout_ms = settings->idle_timeout_seconds * CLOCK_SECOND_MS,
	};
}

static bool api_make(Analytics *analytics, Error *error)
{
	const Settings *settings = analytics->role->settings;
	ServiceDatabase database;
	if (!service_database(settings, &analytics->arena, &database, error))
		return false;
	const ApiOptions options = {
		.reader = service_reader_options(settings, &database, "sojourn analytics"),
		.writer = service_writer_options(settings, &database, "sojourn analytics, access"),
		.sign_in_hours = (int) settings->sign_in_hours,
		.public_url = settings->dashboard_url,
		.report_threads = (int) settings->report_connections,
		.report_waiting_max = (int) settings->report_waiting_max,
		.zone_default = settings->timezone,
		.buffer_folder = arena_format(&analytics->arena, "%s/buffer", settings->state_dir).data,
		.collect_url = collect_url,
		.browser_key = browser_key,
		.context = analytics,
	};
	return api_open(&options, analytics->loop, &analytics->api, error);
}

bool service_analytics_run(RoleContext *role, Error *error)
{
	bool is_ok = false;
	char url[ROLE_URL_SIZE];
	const char *address = role->settings->dashboard_listen;
	const HttpLimits limits = limits_from(role->settings);
	Analytics analytics = {.role = role};
	arena_init(&analytics.arena, ARENA_SIZE_MAX);
	if (!http_loop_open(&analytics.loop, error) || !api_make(&analytics, error)
		|| !http_loop_handle_signals(analytics.loop, on_hangup, &analytics, error)
		|| !http_server_open(analytics.loop, address, &limits, api_handle, analytics.api, &analytics.server, error))
		goto done;
	role_url(address, http_server_port(analytics.server), url);
	is_ok = role_ready(role, url, error) && http_loop_run(analytics.loop, error);
done:
	http_server_close(analytics.server);
	http_loop_close(analytics.loop);
	api_close(analytics.api);
	arena_free(&analytics.arena);
	return is_ok;
}

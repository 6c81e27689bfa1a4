// The process that takes hits in: HTTP → intake → enrich → buffer, on one event loop.
#include "http/server.h"
#include "service/role.h"

#include "base/clock.h"

typedef struct Collector {
	RoleContext *role;
	HttpLoop *loop;
	HttpServer *server;
} Collector;

static void on_request(HttpRequest *request, void *context)
{
	(void) context;
	if (slice_equal_text(http_path(request), "/healthz"))
	{
		http_respond(request, 200, "text/plain", SLICE_LITERAL("ok\n"));
		return;
	}
	Error error;
	error_set(&error, ERROR_NOT_FOUND, "there is nothing at this path");
	http_respond_error(request, &error);
}

static void on_hangup(void *context)
{
	const Collector *collector = context;
	role_reload(collector->role);
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

bool service_collector_run(RoleContext *role, Error *error)
{
	bool is_ok = false;
	char url[ROLE_URL_SIZE];
	const char *address = role->settings->collect_listen;
	const HttpLimits limits = limits_from(role->settings);
	Collector collector = {.role = role};
	if (!http_loop_open(&collector.loop, error)
		|| !http_loop_handle_signals(collector.loop, on_hangup, &collector, error)
		|| !http_server_open(collector.loop, address, &limits, on_request, &collector, &collector.server, error))
		goto done;
	role_url(address, http_server_port(collector.server), url);
	is_ok = role_ready(role, url, error) && http_loop_run(collector.loop, error);
done:
	http_server_close(collector.server);
	http_loop_close(collector.loop);
	return is_ok;
}

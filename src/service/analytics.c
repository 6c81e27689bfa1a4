// The process that answers questions: the API and the dashboard.
#include "http/server.h"
#include "service/role.h"

#include "base/clock.h"

typedef struct Analytics {
	RoleContext *role;
	HttpLoop *loop;
	HttpServer *server;
} Analytics;

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
	const Analytics *analytics = context;
	role_reload(analytics->role);
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

bool service_analytics_run(RoleContext *role, Error *error)
{
	bool is_ok = false;
	char url[ROLE_URL_SIZE];
	const char *address = role->settings->dashboard_listen;
	const HttpLimits limits = limits_from(role->settings);
	Analytics analytics = {.role = role};
	if (!http_loop_open(&analytics.loop, error)
		|| !http_loop_handle_signals(analytics.loop, on_hangup, &analytics, error)
		|| !http_server_open(analytics.loop, address, &limits, on_request, &analytics, &analytics.server, error))
		goto done;
	role_url(address, http_server_port(analytics.server), url);
	is_ok = role_ready(role, url, error) && http_loop_run(analytics.loop, error);
done:
	http_server_close(analytics.server);
	http_loop_close(analytics.loop);
	return is_ok;
}

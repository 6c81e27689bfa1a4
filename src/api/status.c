#include "api/status.h"

#include "api/internal.h"
#include "base/json.h"
#include "base/metric.h"
#include "sql/sql.h"

#define METRICS_SIZE_MAX ((size_t) 1 << 20U)
#define SYSTEM_SIZE_MAX 8192

static void text_respond(ApiCall *call, Slice text)
{
	http_respond(call->request, 200, "text/plain; charset=utf-8", text);
	api_call_end(call);
}

void api_live_serve(ApiCall *call)
{
	text_respond(call, SLICE_LITERAL("ok\n"));
}

static bool ping_work(ApiCall *call, PgConn *conn, Error *error)
{
	(void) call;
	return pg_query(conn, sql_pg_ping, NULL, 0, NULL, error);
}

static void ready_respond(ApiCall *call)
{
	text_respond(call, SLICE_LITERAL("ready\n"));
}

void api_ready_serve(ApiCall *call)
{
	call->work = ping_work;
	call->then = ready_respond;
	api_call_run(call, call->api->access);
}

void api_metrics_serve(ApiCall *call)
{
	Buf body;
	buf_init(&body, METRICS_SIZE_MAX);
	metric_write_all(&body);
	http_respond(call->request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_slice(&body));
	buf_free(&body);
	api_call_end(call);
}

void api_system_serve(ApiCall *call)
{
	const ApiOptions *options = &call->api->options;
	Buf body;
	buf_init(&body, SYSTEM_SIZE_MAX);
	buf_append_byte(&body, '{');
	json_write_key(&body, "version");
	json_write_string(&body, SLICE_LITERAL(SOJOURN_VERSION));
	json_write_key(&body, "tz");
	json_write_string(&body, slice_from(options->zone_default));
	json_write_key(&body, "collect_url");
	json_write_string(&body, slice_from(options->collect_url == NULL ? NULL : options->collect_url(options->context)));
	json_write_key(&body, "browser_key");
	json_write_string(&body, slice_from(options->browser_key == NULL ? NULL : options->browser_key(options->context)));
	buf_append_text(&body, "}\n");
	http_set_header(call->request, "Cache-Control", "no-store");
	http_respond(call->request, 200, "application/json", buf_slice(&body));
	buf_free(&body);
	api_call_end(call);
}

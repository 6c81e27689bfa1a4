// The process that takes hits in: HTTP → intake → enrich → buffer, on one event loop. The hits of all requests of one turn
// of the loop share one sync, and are answered after it.
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "http/server.h"
#include "intake/intake.h"
#include "service/identify_secret.h"
#include "service/role.h"
#include "service/sink.h"
#include "site/site.h"

#include <stdio.h>

#define PATH_SIZE 4096

typedef struct Collector {
	RoleContext *role;
	HttpLoop *loop;
	HttpServer *server;
	Arena arena; // what lasts as long as the process
	Keys *keys;
	Enricher *enricher;
	BufferWriter *writer;
	Sink sink;
	Intake *intake;
	Site *site;
} Collector;

static void on_hangup(void *context)
{
	const Collector *collector = context;
	Error error;
	role_reload(collector->role);
	if (!enricher_reload(collector->enricher, collector->role->settings, &error))
		log_error("collector.reload_failed", &error);
	if (!site_reload(collector->site, &error))
		log_error("collector.reload_failed", &error);
}

static void on_request(HttpRequest *request, void *context)
{
	const Collector *collector = context;
	if (!site_serve(collector->site, request))
		intake_handle(request, collector->intake);
}

// The browser's key that a new installation has, or else the first of a browser.
static Slice demo_key(void *context)
{
	Keys *keys = ((const Collector *) context)->keys;
	Slice key = SLICE_NONE;
	keys_refresh(keys, clock_now_ms());
	for (size_t at = keys_count(keys); at > 0; at--)
	{
		const WriteKey *other = keys_at(keys, at - 1);
		if (other->kind == KEY_BROWSER)
			key = other->key;
		if (other->kind == KEY_BROWSER && slice_equal_text(other->name, "web"))
			break;
	}
	return key;
}

static void on_minute(void *context)
{
	const Collector *collector = context;
	Error error;
	if (!enricher_advance(collector->enricher, clock_now_ms(), &error))
		log_error("collector.keys_failed", &error);
}

// So that who asks the writer something is heard also while nothing comes; the turn's end does the rest.
static void on_second(void *context)
{
	const Collector *collector = context;
	buffer_writer_look(collector->writer);
}

static void on_turn_end(void *context)
{
	const Collector *collector = context;
	Error error;
	// Also where nobody waits: hits of a request that was refused half-way are in the buffer, and a loss among them has to
	// be told before it takes others. It costs nothing where there is nothing to sync.
	bool is_synced = buffer_sync(collector->writer, &error);
	if (!is_synced)
		log_error("collector.sync_failed", &error);
	intake_flush(collector->intake, is_synced);
}

static HttpLimits limits_from(const Settings *settings)
{
	return (HttpLimits){
		.body_bytes_max = (size_t) settings->request_bytes_max,
		.connections_max = (int) settings->connections_max,
		// Behind proxies all have the proxy's address.
		.per_address_max = settings->trusted_proxy_hops > 0 ? 0 : (int) settings->connections_per_address_max,
		.request_deadline_ms = settings->request_deadline_seconds * CLOCK_SECOND_MS,
		.idle_timeout_ms = settings->idle_timeout_seconds * CLOCK_SECOND_MS,
	};
}

static bool path_in_state(const Settings *settings, const char *name, char path[PATH_SIZE], Error *error)
{
	if (snprintf(path, PATH_SIZE, "%s/%s", settings->state_dir, name) < PATH_SIZE)
		return true;
	return error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
}

static bool buffer_open(Collector *collector, Error *error)
{
	const Settings *settings = collector->role->settings;
	char folder[PATH_SIZE];
	const BufferOptions options = {.segment_bytes = (uint64_t) settings->buffer_segment_bytes,
		.unloaded_bytes_max = (uint64_t) settings->buffer_bytes_max};
	return path_in_state(settings, "buffer/live", folder, error)
		&& buffer_writer_open(folder, &options, &collector->writer, error);
}

static bool rooms_open(Collector *collector, Error *error)
{
	const Settings *settings = collector->role->settings;
	char keys_folder[PATH_SIZE];
	char keys_file[PATH_SIZE];
	IntakeOptions options = {.settings = settings, .take = sink_take, .look = sink_look, .context = &collector->sink};
	if (!path_in_state(settings, "keys", keys_folder, error)
		|| !path_in_state(settings, "keys/write_keys.json", keys_file, error)
		|| !file_make_directory(keys_folder, 0700, error) || !keys_open(keys_file, &collector->keys, error)
		|| !enricher_open(settings, keys_folder, &collector->enricher, error) || !buffer_open(collector, error)
		|| !identify_secret_read(settings, &collector->arena, &options.identify_secret, error))
		return false;
	if (keys_count(collector->keys) == 0)
		log_event(LOG_WARNING, "collector.no_write_keys", NULL);
	options.keys = collector->keys;
	const SiteOptions site = {.settings = settings, .demo_key = demo_key, .context = collector};
	sink_init(&collector->sink, collector->enricher, collector->writer, (uint64_t) settings->buffer_bytes_max);
	return intake_open(&options, &collector->intake, error) && site_open(&site, &collector->site, error);
}

static bool serve(Collector *collector, Error *error)
{
	const Settings *settings = collector->role->settings;
	const HttpLimits limits = limits_from(settings);
	char url[ROLE_URL_SIZE];
	if (!http_loop_open(&collector->loop, error)
		|| !http_loop_handle_signals(collector->loop, on_hangup, collector, error)
		|| !http_loop_add_timer(collector->loop, CLOCK_MINUTE_MS, on_minute, collector, error)
		|| !http_loop_add_timer(collector->loop, CLOCK_SECOND_MS, on_second, collector, error)
		|| !http_server_open(collector->loop, settings->collect_listen, &limits, on_request, collector,
			&collector->server, error))
		return false;
	http_server_on_refusal(collector->server, intake_refusal, collector->intake);
	http_loop_on_turn_end(collector->loop, on_turn_end, collector);
	role_url(settings->collect_listen, http_server_port(collector->server), url);
	return role_ready(collector->role, url, error) && http_loop_run(collector->loop, error);
}

bool service_collector_run(RoleContext *role, Error *error)
{
	Collector collector = {.role = role};
	process_leave_no_core(); // addresses are in memory
	arena_init(&collector.arena, (size_t) 1 << 20U);
	bool is_ok = rooms_open(&collector, error) && serve(&collector, error);
	if (collector.intake != NULL)
		on_turn_end(&collector); // what still waits is synced and answered
	http_server_close(collector.server);
	http_loop_close(collector.loop);
	intake_close(collector.intake);
	site_close(collector.site);
	sink_free(&collector.sink);
	buffer_writer_close(collector.writer);
	enricher_close(collector.enricher);
	keys_close(collector.keys);
	arena_free(&collector.arena);
	return is_ok;
}

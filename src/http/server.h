// HTTP server on libevent (the only room that names it): one loop, one thread. A request is parsed whole before its handler
// is called; the handler answers at once or keeps the request and answers later in the same loop.
//
// Limits, all enforced here: body size (before and after gunzip), header size, connections, idle time, and a deadline from
// the first byte of a request to its last, so that a byte a second does not outlive it. A client that leaves while its
// request is kept is fine: the answer goes nowhere.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

typedef struct HttpLoop HttpLoop;
typedef struct HttpServer HttpServer;
typedef struct HttpRequest HttpRequest;

// ── Loop ──
typedef void (*HttpCallback)(void *context);
bool http_loop_open(HttpLoop **loop, Error *error) MUST_USE;
void http_loop_close(HttpLoop *loop);
// Called once after each turn that handled at least one event: this is where a group is synced and answered.
void http_loop_on_turn_end(HttpLoop *loop, HttpCallback callback, void *context);
// SIGTERM and SIGINT end the loop (after `callback`, if given). SIGHUP calls `on_hangup`, if given. SIGPIPE is ignored.
bool http_loop_handle_signals(HttpLoop *loop, HttpCallback on_hangup, void *context, Error *error) MUST_USE;
// Every interval_ms until the loop closes.
bool http_loop_add_timer(HttpLoop *loop, int64_t interval_ms, HttpCallback callback, void *context, Error *error)
	MUST_USE;
// A readable descriptor calls back (level-triggered).
bool http_loop_add_reader(HttpLoop *loop, int fd, HttpCallback callback, void *context, Error *error) MUST_USE;
bool http_loop_run(HttpLoop *loop, Error *error) MUST_USE; // until stopped
void http_loop_stop(HttpLoop *loop);

// ── Server ──
typedef struct HttpLimits {
	size_t body_bytes_max;   // answered 413 above it, before and after decompression
	size_t header_bytes_max; // 0: 16 KiB
	int connections_max;     // further ones are closed at once
	int64_t request_deadline_ms;
	int64_t idle_timeout_ms;
} HttpLimits;

typedef void (*HttpHandler)(HttpRequest *request, void *context);

// address: "127.0.0.1:8080", "[::1]:0", ":8080" (all); port 0 picks a free one.
bool http_server_open(HttpLoop *loop, const char *address, const HttpLimits *limits, HttpHandler handler, void *context,
	HttpServer **server, Error *error) MUST_USE;
void http_server_close(HttpServer *server); // answers kept requests with 503, closes connections
int http_server_port(const HttpServer *server);

// ── Request ──
typedef enum HttpMethod { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER } HttpMethod;

HttpMethod http_method(const HttpRequest *request);
Slice http_path(const HttpRequest *request); // decoded, begins with '/', without query
// A query parameter, decoded; SLICE_NONE when not given. The first of equal names.
Slice http_query(const HttpRequest *request, const char *name);
// Every parameter in order; false when index is past the last.
bool http_query_at(const HttpRequest *request, size_t index, Slice *name, Slice *value);
Slice http_header(const HttpRequest *request, const char *name); // SLICE_NONE when not given; first of equal names
Slice http_body(const HttpRequest *request);                     // decompressed
Slice http_peer_address(const HttpRequest *request);             // numeric, no port
Arena *http_arena(HttpRequest *request);                         // lives until the answer is given

// ── Answer: exactly one a request ──
void http_set_header(HttpRequest *request, const char *name, const char *value);
void http_respond(HttpRequest *request, int status, const char *content_type, Slice body);
// application/problem+json with title and detail from the error, status by its code.
void http_respond_error(HttpRequest *request, const Error *error);

// Basic authorization: user and password, decoded into the request's arena; false where there is none.
bool http_basic_authorization(HttpRequest *request, Slice *user, Slice *password);
Slice http_bearer_token(const HttpRequest *request); // SLICE_NONE where there is none

// HTTP server on libevent (the only room that names it): one loop, one thread. A request is there whole before its handler
// is called; the handler answers at once or keeps the request and answers later in the same loop.
//
// Limits, all enforced here: body size (before and after gunzip), header size, connections, memory of what is being
// received, idle time, and a deadline from the first byte of a request to its last, so that a byte a second does not
// outlive it. A client that leaves while its request is kept is fine: the answer goes nowhere; who wants to know asks
// http_on_gone.
//
// The loop is libevent's; HTTP/1.1 is spoken by this room and not by evhttp: docs/decisions/http.md says why.
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
// `buffered_bytes_max` counts what is received and not answered yet, unpacked bodies too; and, for itself, what clients have
// yet to take of their answers, above which further ones that do not take theirs at once are closed.
typedef struct HttpLimits {
	size_t body_bytes_max;     // answered 413 above it, before and after decompression
	size_t header_bytes_max;   // 0: 16 KiB; answered 431 above it
	size_t buffered_bytes_max; // of all connections; 0: 64 bodies; answered 503 above it
	size_t arena_bytes_max;    // of one request's arena; 0: 16 MiB
	int connections_max;       // a further one takes the place of the longest idle one, or is closed at once
	int per_address_max;       // of one address (IPv6: /64): the same among its own; 0: as many as there may be
	int64_t request_deadline_ms;
	int64_t idle_timeout_ms;
} HttpLimits;

typedef void (*HttpHandler)(HttpRequest *request, void *context);

// address: "127.0.0.1:8080", "[::1]:0", ":8080" (all); port 0 picks a free one.
bool http_server_open(HttpLoop *loop, const char *address, const HttpLimits *limits, HttpHandler handler, void *context,
	HttpServer **server, Error *error) MUST_USE;
// Answers kept requests with 503 and closes every connection; nobody may touch a kept request afterwards. NULL is fine.
void http_server_close(HttpServer *server);
int http_server_port(const HttpServer *server);
// Called just before the server itself refuses a request (413, 415, 400, 408, 431, 503), so that headers can be set which
// every answer needs (CORS: without them a browser does not show the status to the page). Must not answer. The request may
// be without path, headers and body, where it was refused before they were known.
void http_server_on_refusal(HttpServer *server, HttpHandler callback, void *context);

// ── Request ──
typedef enum HttpMethod { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER } HttpMethod;

HttpMethod http_method(const HttpRequest *request);
Slice http_path(const HttpRequest *request); // decoded, without query; begins with '/' but for "*", holds no NUL
// A query parameter, decoded; SLICE_NONE when not given. The first of equal names.
Slice http_query(const HttpRequest *request, const char *name);
// Every parameter in order; false when index is past the last.
bool http_query_at(const HttpRequest *request, size_t index, Slice *name, Slice *value);
Slice http_header(const HttpRequest *request, const char *name); // SLICE_NONE when not given; first of equal names
// Every header in order; false when index is past the last.
bool http_header_at(const HttpRequest *request, size_t index, Slice *name, Slice *value);
Slice http_body(const HttpRequest *request);         // decompressed
Slice http_peer_address(const HttpRequest *request); // numeric, no port
Arena *http_arena(HttpRequest *request);             // lives until the answer is given
// For a request that is kept: `callback` is called once, in a later turn, where its client closes the connection before it
// is answered; NULL: nobody wants to know any more. It is still to be answered, there or later, though nobody reads that. Who
// has sent more behind the request is not seen to leave.
typedef void (*HttpGone)(HttpRequest *request, void *context);
void http_on_gone(HttpRequest *request, HttpGone callback, void *context);

// ── Answer: exactly one a request; it ends the request and everything that was got from it ──
// Copies. Control bytes in the value become '?', so that no value can make a line of its own. Content-Length, Connection,
// Date and Content-Type are the server's to write.
void http_set_header(HttpRequest *request, const char *name, const char *value);
void http_set_header_slice(HttpRequest *request, const char *name, Slice value);
// content_type NULL: none. 204 and 304 go without body, an answer to HEAD with the headers only.
void http_respond(HttpRequest *request, int status, const char *content_type, Slice body);
// Says under which tag (with its quotes) the answer goes; where the client has that one already (If-None-Match) answers 304, and
// gives whether it has.
bool http_respond_unchanged(HttpRequest *request, const char *etag) MUST_USE;
// application/problem+json with title and detail from the error, status by its code; 503 with Retry-After. What went wrong
// inside (5xx but for busy and full) is for the log and not told.
void http_respond_error(HttpRequest *request, const Error *error);
// The same where it is known when to come again: what Retry-After says with 429 and 503.
void http_respond_error_retry(HttpRequest *request, const Error *error, int64_t retry_seconds);

// Basic authorization: user and password, decoded into the request's arena; false where there is none.
bool http_basic_authorization(HttpRequest *request, Slice *user, Slice *password);
Slice http_bearer_token(const HttpRequest *request); // SLICE_NONE where there is none

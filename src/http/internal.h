// Connections and the requests on them, as the files of this room share them.
//
//   idle ─ first byte → head ─ blank line → body ─ last byte → handled ─ answer → writing ─ all sent → idle
//                          any of head and body ─ refused → writing → lingering (what still comes is thrown away, so that
//                          the client reads the answer before it learns that the connection is closed) → closed
//
// A connection has at most one request; what a client sends ahead waits in `input`, and the socket is not read meanwhile.
// So the texts of a request stay where they are until it is answered. That a client leaves is noticed only then, unless the
// handler asked for it.
// Idle connections own no buffer: buffers and requests come from the server's pools.
#pragma once
#include "base/buf.h"
#include "http/chunks.h"
#include "http/head.h"
#include "http/peers.h"
#include "http/server.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>

#define HTTP_INPUT_SIZE ((size_t) 4096)       // first size of an input buffer
#define HTTP_LINGER_MS ((int64_t) 2000)       // how long a refused client may go on sending
#define HTTP_DRAIN_MS_PER_KIB ((int64_t) 16)  // what a client gets beyond the deadline to take a large answer
#define HTTP_POOLED_SIZE_MAX ((size_t) 65536) // larger buffers do not go back to a pool
#define HTTP_POOL_MAX 256

typedef struct HttpConnection HttpConnection;

typedef enum HttpState {
	HTTP_STATE_IDLE,
	HTTP_STATE_HEAD,
	HTTP_STATE_BODY,
	HTTP_STATE_HANDLED,
	HTTP_STATE_WRITING,
	HTTP_STATE_LINGERING,
	HTTP_STATE_CLOSED
} HttpState;

typedef struct HttpList {
	HttpConnection *first;
	HttpConnection *last;
} HttpList;

struct HttpConnection {
	HttpServer *server;
	HttpConnection *previous; // in `idle` or `busy` of the server
	HttpConnection *next;
	struct event readable;
	struct event writable;
	int fd;
	HttpState state;
	int64_t deadline_us; // by the monotonic clock; of every state but handled
	Buf input;
	size_t input_from; // bytes before it are done with
	size_t scanned;    // of the head, for http_head_end
	Buf output;        // what the socket did not take at once
	size_t output_from;
	HttpRequest *request; // in the states body and handled
	bool is_processing;   // connection_process is on the stack and looks after what comes next
	bool is_paused;       // readable is not watched
	bool is_closing;      // after the answer
	bool is_lingering;    // and that with bytes still to come
	bool is_moved;        // the head was parsed before `input` grew
	uint64_t peer_key;    // as HttpPeers counts it
	char peer[INET6_ADDRSTRLEN];
};

typedef struct HttpParameter {
	Slice name;
	Slice value;
} HttpParameter;

struct HttpRequest {
	HttpConnection *connection;
	HttpRequest *next; // in the pool
	HttpHead head;
	HttpMethod method;
	Slice path;
	HttpParameter *parameters;
	size_t parameter_count;
	size_t head_size;
	HttpChunks chunks;
	Slice body;
	Buf inflated;
	size_t inflated_bytes; // of it that count in input_bytes
	Buf header_lines;      // set by the handler
	HttpGone on_gone;      // NULL: nobody asks
	bool is_streaming;     // its head is sent, and more may follow
	void *gone_context;
	Arena arena;
};

struct HttpServer {
	HttpLoop *loop;
	HttpLimits limits;
	HttpHandler handler;
	void *context;
	HttpHandler on_refusal;
	void *refusal_context;
	int fd;
	int port;
	struct event acceptable;
	struct event sweep;
	bool is_accept_paused; // until the next sweep: the process is out of descriptors
	bool is_closed;        // no more requests are taken
	HttpList idle;         // the longest idle first
	HttpList busy;
	int connection_count;
	HttpPeers peers;
	size_t input_bytes;  // of all input buffers above their first size, and of what was unpacked out of them
	size_t output_bytes; // of answers that their clients have yet to take
	HttpRequest *free_requests;
	int free_request_count;
	Buf free_inputs[HTTP_POOL_MAX];
	int free_input_count;
	Buf scratch; // the head of the answer being written
	int64_t date_second;
	char date[32];
};

// ── loop.c ──
struct event_base *http_loop_base(HttpLoop *loop);

// ── connection.c ──
// Takes the descriptor over. False when there is no memory; then it stays the caller's.
bool http_connection_open(HttpServer *server, int fd, const struct sockaddr *peer);
void http_connection_close(HttpConnection *connection);
// The answer to the connection's request is wholly handed to the socket or to `output`: on to what comes next. May close.
void http_connection_answered(HttpConnection *connection);
void http_connection_expire(HttpConnection *connection);
void http_connection_set_state(HttpConnection *connection, HttpState state, int64_t time_ms);
Slice http_connection_input(const HttpConnection *connection); // received and not done with
void http_connection_release_input(HttpConnection *connection);

// ── incoming.c ──
// Goes as far through the states as the input received allows.
void http_process(HttpConnection *connection);
// The texts of the head may have moved while the body came: brings the request after them. For whoever reads them.
void http_request_follow(HttpConnection *connection);

// ── pool.c ──
HttpRequest *http_pool_request(HttpServer *server);
void http_pool_return_request(HttpServer *server, HttpRequest *request);
void http_pool_input(HttpServer *server, Buf *input);
void http_pool_return_input(HttpServer *server, Buf *input);
void http_pool_free(HttpServer *server);
void http_list_append(HttpList *list, HttpConnection *connection);
void http_list_remove(HttpList *list, HttpConnection *connection);

// ── target.c ──
// Fills method, path and parameters from the head. 0, or the status to refuse it with.
int http_request_read_target(HttpRequest *request, const char **reason);

// ── respond.c ──
// The server itself refuses; the connection closes afterwards where `is_closing`.
void http_refuse(HttpConnection *connection, int status, const char *detail, bool is_closing);
void http_send_continue(HttpConnection *connection);
// Sends what waits in `output`; false when the client is gone.
bool http_flush(HttpConnection *connection);

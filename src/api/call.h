// A request that is kept while a thread of a pool works for it. It ends with exactly one answer, or with its client's leaving;
// either frees it.
//
//   begun → who asks is looked up (pool `access`) → its route's `serve`, on the loop → answered
//                                                        or once more a job, of the pool `access` or as a waiter for a report
#pragma once
#include "api/pool.h"
#include "api/sign_in.h"
#include "api/tokens.h"
#include "base/arena.h"
#include "base/buf.h"

#define API_ROOT "/api/v1/" // every path but those that watchers and browsers expect elsewhere

struct Api;
struct ApiRoute;
struct Report;
struct ApiReportRun;
typedef struct ApiCall ApiCall;

struct ApiCall {
	ApiJob job;
	struct Api *api;
	const struct ApiRoute *route;
	const struct Report *report; // where the route is one
	HttpRequest *request;        // NULL: the client has left
	ApiTokenUse use;             // who asks, once that is known
	ApiSignIn sign_in;           // and by which sign-in; id 0: by a token
	Arena arena;                 // of what a job reads and writes, since the request may go while it runs
	// ── of a job: what it does on its thread, what becomes of that on the loop, where its request is still there ──
	bool (*work)(ApiCall *call, PgConn *conn, Error *error); // safe to run twice
	void (*then)(ApiCall *call);                             // after a success; failures are answered as what they are
	void *data;                                              // theirs, in the arena
	Slice answer;                                            // JSON, for api_call_answer; in the arena
	Buf body;                                                // where the arena is too small for an answer
	Error error;
	bool is_ok;
	int retry_after_seconds;
	// ── of one who waits for what others wait for, too ──
	void (*leave)(ApiCall *call); // its client has left: do not answer it. NULL: a job has it
	struct ApiReportRun *run;
	ApiCall *next;
};

// Keeps the request; answers it itself and gives NULL where there is no memory.
ApiCall *api_call_begin(struct Api *api, const struct ApiRoute *route, HttpRequest *request);
// Answered, or given up by its client.
void api_call_end(ApiCall *call);
// A `then`: answers what the work has left in call->answer, and ends.
void api_call_answer(ApiCall *call);
// Answers with a problem, and ends.
void api_call_fail(ApiCall *call, const Error *error, const char *parameter);
// Sets ERROR_BAD_INPUT for a parameter that the path has none of: `known` says which it has. *bad is its name, in the arena.
// Returns false.
bool api_call_unknown(ApiCall *call, Slice name, const char *known, const char **bad, Error *error);
// Of a path that takes no parameters: whether there is none. Where there is one it is refused, and the call has ended.
bool api_call_is_bare(ApiCall *call) MUST_USE;
// Hands the call's work to a pool. Answers itself where too many wait.
void api_call_run(ApiCall *call, ApiPool *pool);

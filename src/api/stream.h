// GET /api/v1/live/stream: what happens, as Server-Sent Events: page views and events a second after they are stored, each with an
// id. Who comes back with Last-Event-ID gets what came in between, as far as it is remembered (the last 500). All streams are fed
// from one look at the database a second, and only while there are any.
#pragma once
#include "api/call.h"
#include "base/uuid.h"

// One page view or event.
typedef struct ApiMoment {
	int64_t ms; // when it was stored
	Uuid id;
	Slice text; // as it is sent
} ApiMoment;

#define API_MOMENTS_MAX 500

typedef struct ApiStreams {
	ApiJob job; // looks what is new
	struct Api *api;
	ApiCall *first;
	int count;
	int ticks;
	bool is_looking;
	int64_t since_ms;                   // what is stored later is new
	ApiMoment moments[API_MOMENTS_MAX]; // a ring, the oldest at `oldest`
	size_t oldest;
	size_t moment_count;
	// ── of the job ──
	ApiMoment found[API_MOMENTS_MAX];
	size_t found_count;
	Arena arena;
} ApiStreams;

void api_streams_init(ApiStreams *streams, struct Api *api);
void api_streams_free(ApiStreams *streams);
// Every second; context is the ApiStreams.
void api_streams_tick(void *context);
void api_stream_serve(ApiCall *call);

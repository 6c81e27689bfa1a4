// GET /api/v1/live/stream: what happens, as Server-Sent Events, each with an id: page views a second after they are stored, events
// too where they are stored within a minute of having happened. Who comes back with Last-Event-ID gets what came in between, as
// far as it is remembered (the last thousand). All streams are fed from one look at the database a second, which takes the
// latest five hundred, and only while there are any.
#pragma once
#include "api/call.h"
#include "base/buf.h"
#include "base/uuid.h"

// One page view or event.
typedef struct ApiMoment {
	int64_t ms; // when a view was stored, when an event happened
	Uuid id;
	Slice text; // as it is sent
} ApiMoment;

// One that was sent.
typedef struct ApiSent {
	int64_t ms;
	Uuid id;
	Buf text; // memory that stays with its place
} ApiSent;

#define API_MOMENTS_MAX 500
// More than a look gives, so that it is known of each whether it was sent.
#define API_SENT_MAX (2 * API_MOMENTS_MAX)

typedef struct ApiStreams {
	ApiJob job; // looks what is new
	struct Api *api;
	ApiCall *first;
	int count;
	int ticks;
	bool is_looking;
	int64_t since_ms;           // what is stored later is new
	ApiSent sent[API_SENT_MAX]; // a ring, the oldest at `oldest`
	size_t oldest;
	size_t sent_count;
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

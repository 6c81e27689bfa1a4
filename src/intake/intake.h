// The collector's routes: reads requests of the Segment-shaped contract, hands each accepted hit to a sink, and answers when
// the sink's owner says that they are safe.
//
// A request that brought hits waits until intake_flush: the owner calls it after one sync for all that waits. 200 then
// means that every accepted hit of it is on disk; the refused ones are listed beside.
#pragma once
#include "base/error.h"
#include "config/settings.h"
#include "http/server.h"
#include "intake/keys.h"
#include "intake/message.h"
#include "intake/pressure.h"

typedef struct Intake Intake;

// Takes one hit. The message is the sink's to change until it returns, and gone after that. False: ERROR_TOO_LARGE and
// ERROR_BAD_INPUT refuse this hit alone; any other code answers the whole request with 503.
typedef bool (*IntakeTake)(void *context, IntakeMessage *message, Error *error);

typedef struct IntakeOptions {
	const Settings *settings;
	Keys *keys;
	Slice identify_secret; // empty: users of browsers need no signature
	IntakeTake take;
	PressureLook look; // how full it is where `take` puts the hits; NULL: nobody is held to a share
	void *context;     // of both
} IntakeOptions;

// Keeps `options` by value; what they point at must outlive it.
bool intake_open(const IntakeOptions *options, Intake **intake, Error *error) MUST_USE;
// Waiting requests are dropped unanswered: close the HTTP server first, or flush. NULL is fine.
void intake_close(Intake *intake);

// An HttpHandler (context is the Intake): /v1/…, /healthz, OPTIONS for CORS; anything else is 404.
void intake_handle(HttpRequest *request, void *context);
// An HttpHandler for http_server_on_refusal: the headers of CORS.
void intake_refusal(HttpRequest *request, void *context);
// Answers every request that waits: 200, or 503 where the sync failed.
void intake_flush(Intake *intake, bool is_synced);
size_t intake_waiting(const Intake *intake);

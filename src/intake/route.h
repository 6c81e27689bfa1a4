// The collector's paths.
#pragma once
#include "base/slice.h"
#include "intake/message.h"

typedef enum RouteKind { ROUTE_NONE, ROUTE_HITS, ROUTE_SETTINGS, ROUTE_HEALTH, ROUTE_ROOT } RouteKind;

typedef struct Route {
	RouteKind kind;
	MessageKind message; // of hits: what the path says they are; MESSAGE_UNKNOWN for a batch
	Slice key;           // of settings
} Route;

// batch_path: one more at which batches are taken.
Route route_find(Slice path, Slice batch_path);

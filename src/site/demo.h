// The demo site: a small product with the tracker in it, below /demo/.
#pragma once
#include "config/settings.h"
#include "http/server.h"

// `key` is the write key of its pages. False, and not answered, where the path is not the demo's.
bool demo_serve(HttpRequest *request, Slice path, const Settings *settings, Slice key);

// URLs as browsers and logs give them, taken apart by slices of the text itself; nothing is decoded. User, password and
// fragment are dropped here and nowhere handed on.
#pragma once
#include "base/arena.h"
#include "base/slice.h"

typedef struct Url {
	Slice scheme; // SLICE_NONE in a reference
	Slice host;   // without user, password, port and dots at its end; may be empty (file:///a)
	Slice port;   // digits, or SLICE_NONE
	Slice path;   // begins with '/', or is empty
	Slice query;  // behind the first '?'; SLICE_NONE where there is none
} Url;

// "scheme://…" or "//…" (a URL without scheme). False on all else (about:blank, mailto:…, a path) and on a host that no host
// could be.
bool url_split(Slice text, Url *url);
// Whether it could be the host of a URL: a name, an address, "[…]"; without port.
bool url_is_host(Slice text);
// "/path?query#fragment": a reference to the same host, even where it begins with two slashes. A path that does not begin
// with '/' is left empty.
void url_split_reference(Slice text, Url *url);

// "/path", and not "//host": what begins so and is no URL is nothing.
bool url_is_path(Slice text);

// Lower case and without "www.": what hosts are compared by. SLICE_NONE when the arena is full.
Slice url_host_bare(Slice host, Arena *arena) MUST_USE;
Slice url_lower(Slice text, Arena *arena) MUST_USE;

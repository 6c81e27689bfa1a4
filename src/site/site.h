// What the collector serves to browsers beside taking their hits: the tracker's script and, where it is asked for, the demo.
#pragma once
#include "base/error.h"
#include "config/settings.h"
#include "http/server.h"

typedef struct Site Site;

typedef struct SiteOptions {
	const Settings *settings;
	// The write key that the demo's pages use; SLICE_NONE where there is none. Good until the next call.
	Slice (*demo_key)(void *context);
	void *context;
} SiteOptions;

// Keeps `options` by value; what they point at must outlive it.
bool site_open(const SiteOptions *options, Site **site, Error *error) MUST_USE;
void site_close(Site *site); // NULL is fine
// After the settings have changed. On failure everything is served as before.
bool site_reload(Site *site, Error *error) MUST_USE;
// False, and not answered, where the path is not the site's.
bool site_serve(Site *site, HttpRequest *request);

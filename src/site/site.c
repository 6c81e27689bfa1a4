#include "site/site.h"

#include "base/memory.h"
#include "site/demo.h"
#include "site/script.h"

#include <stdio.h>

// A changed setting or a new version reaches browsers within the hour; what is named by its content never changes.
#define FRESH "public, max-age=3600"
#define FRESH_FOREVER "public, max-age=31536000, immutable"

struct Site {
	SiteOptions options;
	Scripts scripts;
};

bool site_open(const SiteOptions *options, Site **site, Error *error)
{
	Site *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for the site.");
	opened->options = *options;
	if (!scripts_make(options->settings, &opened->scripts, error))
	{
		memory_free(opened);
		return false;
	}
	*site = opened;
	return true;
}

void site_close(Site *site)
{
	if (site == NULL)
		return;
	scripts_free(&site->scripts);
	memory_free(site);
}

bool site_reload(Site *site, Error *error)
{
	Scripts scripts;
	if (!scripts_make(site->options.settings, &scripts, error))
		return false;
	scripts_free(&site->scripts);
	site->scripts = scripts;
	return true;
}

// gzip, or gzip;q=0.5, but not gzip;q=0.
static bool takes_gzip(const HttpRequest *request)
{
	Slice rest = http_header(request, "accept-encoding");
	while (rest.data != NULL)
	{
		Slice weight = SLICE_NONE;
		Slice name = slice_trim(slice_split(slice_split(rest, ',', &rest), ';', &weight));
		if (!slice_equal_ignoring_case(name, SLICE_LITERAL("gzip")))
			continue;
		Slice value = SLICE_NONE;
		(void) slice_split(weight, '=', &value);
		for (size_t at = 0; at < value.size; at++)
		{
			if (value.data[at] >= '1' && value.data[at] <= '9')
				return true;
		}
		return value.size == 0;
	}
	return false;
}

// Any page may load it and look at it: there is nothing in it that is not for everybody.
static void script_serve(HttpRequest *request, const Script *script, bool is_named)
{
	bool is_packed = takes_gzip(request);
	char etag[SCRIPT_HASH_SIZE + 4];
	(void) snprintf(etag, sizeof etag, "W/\"%s\"", script->hash);
	http_set_header(request, "Cache-Control", is_named ? FRESH_FOREVER : FRESH);
	http_set_header(request, "Vary", "Accept-Encoding");
	http_set_header(request, "Access-Control-Allow-Origin", "*");
	http_set_header(request, "Cross-Origin-Resource-Policy", "cross-origin");
	http_set_header(request, "Timing-Allow-Origin", "*");
	http_set_header(request, "X-Content-Type-Options", "nosniff");
	if (http_respond_unchanged(request, etag))
		return;
	if (is_packed)
		http_set_header(request, "Content-Encoding", "gzip");
	http_respond(request, 200, "text/javascript; charset=utf-8", buf_slice(is_packed ? &script->gzip : &script->plain));
}

bool site_serve(Site *site, HttpRequest *request)
{
	const Settings *settings = site->options.settings;
	Slice path = http_path(request);
	HttpMethod method = http_method(request);
	if (method != HTTP_GET && method != HTTP_HEAD)
		return false;
	bool is_named = false;
	const Script *script = scripts_find(&site->scripts, slice_from(settings->tracker_path), path, &is_named);
	if (script != NULL)
	{
		script_serve(request, script, is_named);
		return true;
	}
	return settings->demo && demo_serve(request, path, settings, site->options.demo_key(site->options.context));
}

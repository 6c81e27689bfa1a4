#include "site/demo.h"

#include "base/buf.h"
#include "web/web.h"

#define PAGE_SIZE_MAX ((size_t) 256 * 1024)

static const Slice root = {"/demo", 5};
// Of the section whose pages are made in the browser: whatever is asked for below it, one file answers.
static const Slice guide = {"/guide/", 7};

static const char policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static const WebFile *file_find(HttpRequest *request, Slice path)
{
	Slice page = arena_format(http_arena(request), "%.*s.html", SLICE_PRINT(path));
	if (slice_equal_text(path, "/"))
		page = SLICE_LITERAL("/index.html");
	else if (slice_starts_with(path, guide))
		page = SLICE_LITERAL("/guide.html");
	for (const WebFile *file = demo_files; file->path != NULL; file++)
	{
		if (slice_equal_text(path, file->path) || slice_equal_text(page, file->path))
			return file;
	}
	return NULL;
}

// {{name}} in a page; none of the values needs an escape in HTML: keys are of letters and digits, the settings are checked.
static Slice value_of(Slice name, const Settings *settings, Slice key)
{
	if (slice_equal_text(name, "key"))
		return key;
	if (slice_equal_text(name, "tracker"))
		return slice_from(settings->tracker_path);
	if (slice_equal_text(name, "global"))
		return slice_from(settings->tracker_global);
	if (slice_equal_text(name, "consent"))
		return settings->consent_mode == CONSENT_OPT_IN ? SLICE_LITERAL("ask") : SLICE_LITERAL("");
	if (slice_equal_text(name, "signing"))
		return *settings->identify_secret_file != '\0' ? SLICE_LITERAL("wanted") : SLICE_LITERAL("");
	return SLICE_NONE;
}

static void page_fill(Slice page, const Settings *settings, Slice key, Buf *filled)
{
	while (page.size > 0)
	{
		size_t at = slice_find(page, '{', 0);
		bool is_place = at + 1 < page.size && page.data[at + 1] == '{';
		size_t end = is_place ? slice_find(page, '}', at) : at + (at < page.size);
		buf_append_slice(filled, slice_sub(page, 0, is_place ? at : end));
		if (is_place)
			buf_append_slice(filled, value_of(slice_sub(page, at + 2, end), settings, key));
		page = slice_sub(page, is_place ? end + 2 : end, page.size);
	}
}

static void page_serve(HttpRequest *request, const WebFile *file, const Settings *settings, Slice key)
{
	Buf filled;
	buf_init(&filled, PAGE_SIZE_MAX);
	page_fill((Slice){(const char *) file->data, file->size}, settings, key, &filled);
	if (buf_is_ok(&filled))
		http_respond(request, 200, file->content_type, buf_slice(&filled));
	else
	{
		Error error;
		(void) error_set(&error, ERROR_MEMORY, "No memory for a page of the demo.");
		http_respond_error(request, &error);
	}
	buf_free(&filled);
}

bool demo_serve(HttpRequest *request, Slice path, const Settings *settings, Slice key)
{
	if (!slice_starts_with(path, root))
		return false;
	path = slice_sub(path, root.size, path.size);
	if (path.size == 0)
	{
		http_set_header(request, "Location", "/demo/");
		http_respond(request, 307, NULL, SLICE_NONE);
		return true;
	}
	const WebFile *file = path.data[0] == '/' ? file_find(request, path) : NULL;
	if (file == NULL)
		return false;
	http_set_header(request, "Content-Security-Policy", policy);
	http_set_header(request, "X-Content-Type-Options", "nosniff");
	http_set_header(request, "Cache-Control", "no-cache");
	if (slice_ends_with(slice_from(file->path), SLICE_LITERAL(".html")))
	{
		page_serve(request, file, settings, key);
		return true;
	}
	http_set_header(request, "ETag", file->etag);
	if (slice_equal_text(http_header(request, "If-None-Match"), file->etag))
		http_respond(request, 304, NULL, SLICE_NONE);
	else
		http_respond(request, 200, file->content_type, (Slice){(const char *) file->data, file->size});
	return true;
}

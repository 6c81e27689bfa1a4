#include "site/demo.h"

#include "base/buf.h"
#include "web/web.h"

#define PAGE_SIZE_MAX ((size_t) 256 * 1024)
#define FRAME "/frame.html"

static const Slice root = {"/demo", 5};

static const char policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

typedef struct Page {
	const char *path;
	const char *name; // of its files
	const char *title;
} Page;

static const Page pages[] = {{"/", "home", "Home"}, {"/finder", "finder", "Finder"},
	{"/collections", "collections", "Collections"}, {"/profile", "profile", "Profile"}, {"/guide/", "guide", "Guide"}};

// What is asked for below the guide is made of it in the browser.
static const Page *page_find(Slice path)
{
	const Slice guide = SLICE_LITERAL("/guide/");
	if (slice_starts_with(path, guide))
		path = guide;
	for (size_t at = 0; at < sizeof pages / sizeof *pages; at++)
	{
		if (slice_equal_text(path, pages[at].path))
			return &pages[at];
	}
	return NULL;
}

static const WebFile *file_find(Slice path)
{
	for (const WebFile *file = demo_files; file->path != NULL; file++)
	{
		if (slice_equal_text(path, file->path))
			return file;
	}
	return NULL;
}

static Slice file_text(Slice path)
{
	const WebFile *file = file_find(path);
	return file == NULL ? SLICE_NONE : (Slice){(const char *) file->data, file->size};
}

typedef struct Place {
	const char *name;
	Slice value;
} Place;

// Fills {{name}}. Keys are of letters and digits, and settings that stand here are checked, so nothing needs an escape.
static void frame_fill(Slice frame, const Place *places, Buf *filled)
{
	while (frame.size > 0)
	{
		size_t at = slice_find(frame, '{', 0);
		bool is_place = at + 1 < frame.size && frame.data[at + 1] == '{';
		size_t end = is_place ? slice_find(frame, '}', at) : at + 1;
		buf_append_slice(filled, slice_sub(frame, 0, is_place ? at : end));
		for (const Place *place = places; is_place && place->name != NULL; place++)
		{
			if (slice_equal_text(slice_sub(frame, at + 2, end), place->name))
				buf_append_slice(filled, place->value);
		}
		frame = slice_sub(frame, is_place ? end + 2 : end, frame.size);
	}
}

static void page_serve(HttpRequest *request, const Page *page, const Settings *settings, Slice key)
{
	Arena *arena = http_arena(request);
	const Place places[] = {
		{"title", slice_from(page->title)},
		{"page", slice_from(page->name)},
		{"main", file_text(arena_format(arena, "/%s.html", page->name))},
		{"key", key},
		{"tracker", slice_from(settings->tracker_path)},
		{"global", slice_from(settings->tracker_global)},
		{"consent", slice_from(settings->consent_mode == CONSENT_OPT_IN ? "ask" : "")},
		{"signing", slice_from(*settings->identify_secret_file != '\0' ? "wanted" : "")},
		{NULL, SLICE_NONE},
	};
	Buf filled;
	buf_init(&filled, PAGE_SIZE_MAX);
	frame_fill(file_text(SLICE_LITERAL(FRAME)), places, &filled);
	if (buf_is_ok(&filled))
		http_respond(request, 200, "text/html; charset=utf-8", buf_slice(&filled));
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
	const Page *page = page_find(path);
	const WebFile *file = slice_ends_with(path, SLICE_LITERAL(".html")) ? NULL : file_find(path);
	if (page == NULL && file == NULL)
		return false;
	http_set_header(request, "Content-Security-Policy", policy);
	http_set_header(request, "X-Content-Type-Options", "nosniff");
	http_set_header(request, "Cache-Control", "no-cache");
	if (page != NULL)
		page_serve(request, page, settings, key);
	else if (!http_respond_unchanged(request, file->etag))
		http_respond(request, 200, file->content_type, (Slice){(const char *) file->data, file->size});
	return true;
}

#include "api/page.h"

#include "web/web.h"

static const char policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static const WebFile *file_find(Slice path)
{
	if (slice_equal_text(path, "/"))
		path = SLICE_LITERAL("/index.html");
	for (const WebFile *file = web_files; file->path != NULL; file++)
		if (slice_equal_text(path, file->path))
			return file;
	return NULL;
}

bool api_page_exists(Slice path)
{
	return file_find(path) != NULL;
}

void api_page_serve(HttpRequest *request, Slice path)
{
	const WebFile *file = file_find(path);
	http_set_header(request, "Content-Security-Policy", policy);
	http_set_header(request, "Referrer-Policy", "no-referrer");
	http_set_header(request, "Cross-Origin-Opener-Policy", "same-origin");
	http_set_header(request, "Cache-Control", "no-cache");
	if (!http_respond_unchanged(request, file->etag))
		http_respond(request, 200, file->content_type, (Slice){(const char *) file->data, file->size});
}

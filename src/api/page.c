#include "api/page.h"

#include "api/format.h"
#include "web/web.h"

#include <stdio.h>

#define POLICY_SIZE_MAX 512

// %s: the hashes of what stands in the page itself.
#define POLICY                                                                                                         \
	"default-src 'none'; script-src 'self'%s; style-src 'self'; img-src data:; connect-src 'self'; "                   \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

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
	char policy[POLICY_SIZE_MAX];
	(void) snprintf(policy, sizeof policy, POLICY, file->script_hashes);
	http_set_header(request, "Content-Security-Policy", policy);
	http_set_header(request, "Referrer-Policy", "no-referrer");
	http_set_header(request, "Cross-Origin-Opener-Policy", "same-origin");
	http_set_header(request, "Cache-Control", "no-cache");
	http_set_header(request, "Vary", "Accept-Encoding");
	if (http_respond_unchanged(request, file->etag))
		return;
	bool is_packed = file->packed != NULL && api_format_takes_gzip(http_header(request, "Accept-Encoding"));
	Slice body = {(const char *) (is_packed ? file->packed : file->data), is_packed ? file->packed_size : file->size};
	if (is_packed)
		http_set_header(request, "Content-Encoding", "gzip");
	http_respond(request, 200, file->content_type, body);
}

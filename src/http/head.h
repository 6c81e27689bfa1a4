// The head of a request (RFC 9112), parsed where it stands. Strict where a lax reading would let two servers see two
// different requests in the same bytes: no bare LF, no folded lines, no space before a colon, one length, one Host, no
// transfer coding but chunked.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define HTTP_HEADERS_MAX 64

typedef struct HttpHeader {
	Slice name;
	Slice value;
} HttpHeader;

typedef struct HttpHead {
	Slice method;
	Slice target; // path and query; "*" for OPTIONS
	int minor;    // HTTP/1.minor, 0 or 1
	bool is_chunked;
	bool is_keep_alive;
	bool is_expecting; // waits for 100 before it sends its body
	size_t length;     // declared by Content-Length; SIZE_MAX where it is larger than any number here
	size_t header_count;
	HttpHeader headers[HTTP_HEADERS_MAX];
} HttpHead;

// Bytes of `input` up to and with the blank line that ends a head; 0 when it is not there yet. *scanned, 0 at first, lets
// the next call go on where this one stopped.
size_t http_head_end(Slice input, size_t *scanned);

// Slices point into `text`. Returns 0, or the status to refuse the request with; *reason then says why.
int http_head_parse(Slice text, HttpHead *head, const char **reason);

// SLICE_NONE when not given; the first of equal names.
Slice http_head_find(const HttpHead *head, Slice name);

// RFC 9110's token: what a method or a header's name is made of.
bool http_is_token(Slice text);

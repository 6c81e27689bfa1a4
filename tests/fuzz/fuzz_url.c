// URLs and references are taken apart into pieces of themselves, and put together again mean the same.
#include "tests/fuzz/fuzz.h"

#include "enrich/url.h"

static bool has_any(Slice text, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		if (slice_find(text, *bytes, 0) < text.size)
			return true;
	return false;
}

static void url_check(Slice input, const Url *url)
{
	assert(fuzz_is_inside(url->scheme, input) && fuzz_is_inside(url->host, input) && fuzz_is_inside(url->port, input));
	assert(fuzz_is_inside(url->path, input) && fuzz_is_inside(url->query, input));
	assert(!has_any(url->host, "/?#@ \t\r\n"));
	assert(url->port.size <= 5 && !has_any(url->port, ":/?#@"));
	assert(url->path.size == 0 || *url->path.data == '/');
	assert(!has_any(url->path, "?#") && !has_any(url->query, "#"));
}

// The fragment at the end keeps white space before it from being trimmed.
static void url_write(Buf *buf, const Url *url)
{
	buf_append_slice(buf, url->scheme);
	buf_append_text(buf, url->scheme.size > 0 ? "://" : "//");
	buf_append_slice(buf, url->host);
	buf_append_text(buf, url->port.size > 0 ? ":" : "");
	buf_append_slice(buf, url->port);
	buf_append_slice(buf, url->path);
	buf_append_text(buf, url->query.data != NULL ? "?" : "");
	buf_append_slice(buf, url->query);
	buf_append_text(buf, "#");
}

static void url_check_again(const Url *url, const Url *again)
{
	assert(slice_equal(url->host, again->host) && slice_equal(url->port, again->port));
	assert(slice_equal(url->path, again->path) && slice_equal(url->query, again->query));
	assert(slice_equal(url->scheme, again->scheme));
}

void fuzz_one(Slice input, Arena *arena)
{
	Url url;
	Url again;
	Buf buf;
	buf_init(&buf, 2 * input.size + 64);
	bool is_url = url_split(input, &url);
	if (is_url)
	{
		url_check(input, &url);
		url_write(&buf, &url);
		assert(buf_is_ok(&buf));
		is_url = url_split(buf_slice(&buf), &again);
		assert(is_url);
		url_check_again(&url, &again);
		Slice bare = url_host_bare(url.host, arena);
		assert(bare.data != NULL && bare.size <= url.host.size
			&& slice_equal_ignoring_case(bare, slice_sub(url.host, url.host.size - bare.size, url.host.size)));
	}
	url_split_reference(input, &url);
	url_check(input, &url);
	assert(url.host.size == 0 && url.scheme.size == 0 && url.port.size == 0);
	buf_free(&buf);
}

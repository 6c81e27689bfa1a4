#include "intake/sender.h"

#include "intake/forwarded.h"
#include "intake/origin.h"

typedef struct Headers {
	const SenderHeader *headers;
	size_t count;
} Headers;

// The first of that name; SLICE_NONE where there is none.
static Slice header(const Headers *all, const char *name)
{
	for (size_t at = 0; at < all->count; at++)
		if (slice_equal_ignoring_case(all->headers[at].name, slice_from(name)))
			return all->headers[at].value;
	return SLICE_NONE;
}

static Slice client_address(const Settings *settings, const Headers *all, Slice peer)
{
	Slice wanted = slice_from(settings->trusted_proxy_header);
	Slice lines[SENDER_HEADERS_MAX];
	size_t count = 0;
	for (size_t at = 0; settings->trusted_proxy_hops > 0 && at < all->count && count < SENDER_HEADERS_MAX; at++)
		if (slice_equal_ignoring_case(all->headers[at].name, wanted))
			lines[count++] = all->headers[at].value;
	return forwarded_address(lines, count, settings->trusted_proxy_hops,
		slice_equal_ignoring_case(wanted, SLICE_LITERAL("forwarded")), peer);
}

static bool says_one(const Headers *all, const char *name)
{
	return slice_equal_text(header(all, name), "1");
}

IntakeSender sender_make(const Settings *settings, const WriteKey *key, const SenderHeader *headers, size_t count,
	Slice peer, int64_t now_ms)
{
	const Headers all = {headers, count};
	return (IntakeSender){.key = key,
		.now_ms = now_ms,
		.ip = client_address(settings, &all, peer),
		.user_agent = header(&all, "user-agent"),
		.hints =
			{
#define X(name, header_name) .name = header(&all, header_name),
				CLIENT_HINTS(X)
#undef X
			},
		.own_host = origin_host(header(&all, "origin")),
		.sec_purpose = header(&all, "sec-purpose"),
		.purpose = header(&all, "purpose"),
		.x_purpose = header(&all, "x-purpose"),
		.x_moz = header(&all, "x-moz"),
		.has_dnt = says_one(&all, "dnt") || says_one(&all, "sec-gpc")};
}

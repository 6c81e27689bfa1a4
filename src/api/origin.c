#include "api/origin.h"

bool api_origin_is_secure(const char *public_url)
{
	return slice_starts_with(slice_from(public_url), SLICE_LITERAL("https://"));
}

// Of an Origin: what stands behind the scheme; of a URL, up to its path.
static Slice host_of(Slice url)
{
	Slice rest = SLICE_NONE;
	(void) slice_split(url, ':', &rest);
	if (!slice_starts_with(rest, SLICE_LITERAL("//")))
		return SLICE_NONE;
	return slice_split(slice_sub(rest, 2, rest.size), '/', &rest);
}

bool api_origin_check(const HttpRequest *request, const char *public_url, Error *error)
{
	Slice site = http_header(request, "Sec-Fetch-Site");
	Slice origin = http_header(request, "Origin");
	bool is_public = *public_url != '\0';
	Slice own = is_public ? host_of(slice_from(public_url)) : http_header(request, "Host");
	bool is_same_site = site.data == NULL || slice_equal_text(site, "same-origin") || slice_equal_text(site, "none");
	bool is_same_origin = origin.data == NULL || slice_equal_ignoring_case(host_of(origin), own);
	if (is_public && origin.data != NULL && api_origin_is_secure(public_url))
		is_same_origin = is_same_origin && slice_starts_with(origin, SLICE_LITERAL("https://"));
	return (is_same_site && is_same_origin)
		|| error_set(error, ERROR_FORBIDDEN,
			"the request comes from a page of another site; where a proxy stands before this server, dashboard_url "
			"must say "
			"at which URL browsers reach it");
}

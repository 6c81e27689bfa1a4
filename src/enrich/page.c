#include "enrich/page.h"

#include "enrich/texts.h"
#include "enrich/url.h"

// The hit's own URL: what page_path, page_search and page_host say counts before what page_url says.
static Url page_location(const EnrichInput *raw)
{
	Url url;
	if (!url_split(raw->page_url, &url))
	{
		url = (Url){0};
		if (url_is_path(raw->page_url))
			url_split_reference(raw->page_url, &url);
	}
	if (raw->page_path.size > 0)
	{
		Url path;
		url_split_reference(raw->page_path, &path);
		if (path.path.size > 0)
			url.path = path.path;
		if (path.query.size > 0)
			url.query = path.query;
	}
	if (raw->page_search.size > 0)
	{
		Slice search = slice_sub(raw->page_search, 0, slice_find(raw->page_search, '#', 0));
		url.query = slice_starts_with(search, SLICE_LITERAL("?")) ? slice_sub(search, 1, search.size) : search;
	}
	if (url_is_host(raw->page_host))
		url.host = raw->page_host;
	return url;
}

bool page_enrich(const Deny *deny, const PathPolicy *paths, const EnrichInput *raw, Arena *arena, Hit *hit,
	Query *query, Error *error)
{
	Url url = page_location(raw);
	hit->page_host = url.host.size > 0 ? url_lower(url.host, arena) : SLICE_NONE;
	hit->page_url = path_by_policy(paths, path_without_secrets(deny, url.path, arena), arena);
	bool has_memory =
		(url.host.size == 0 || hit->page_host.data != NULL) && (url.path.size == 0 || hit->page_url.data != NULL);
	if (url.path.size == 0)
		hit->page_url = hit->type == HIT_PAGE || hit->page_host.size > 0 ? SLICE_LITERAL("/") : SLICE_NONE;
	if (!has_memory)
		return error_set(error, ERROR_MEMORY, "no memory for the page's address");
	hit->page_title = slice_trim(raw->page_title);
	if (hit->page_title.size == 0)
		hit->page_title = SLICE_NONE;
	return query_parse(url.query, deny, raw->trace, arena, query, error)
		&& query_to_json(query, arena, &hit->query_params, error);
}

#include "enrich/page.h"

#include "base/utf8.h"
#include "enrich/query.h"
#include "enrich/texts.h"
#include "enrich/url.h"

// "/path", and not "//host": what begins so and is no URL is nothing.
static bool is_path(Slice text)
{
	return text.size > 0 && *text.data == '/' && !slice_starts_with(text, SLICE_LITERAL("//"));
}

// The hit's own URL: what page_path, page_search and page_host say counts before what page_url says.
static Url page_location(const EnrichInput *raw)
{
	Url url;
	if (!url_split(raw->page_url, &url))
	{
		url = (Url){0};
		if (is_path(raw->page_url))
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

static Slice first_of(Slice first, Slice second)
{
	first = slice_trim(first);
	return first.size > 0 ? first : second;
}

// A campaign's words are looked at like the query's: an address of mail does not stay.
static Slice campaign_word(const Deny *deny, Slice given, const Query *query, const char *name, Arena *arena)
{
	Slice word = first_of(given, query_get(query, name));
	return word.size > 0 && !deny_value(deny, word, arena) ? word : SLICE_NONE;
}

static bool query_enrich(const Deny *deny, const EnrichInput *raw, Slice text, Arena *arena, Hit *hit, Error *error)
{
	Query query;
	if (!query_parse(text, deny, arena, &query, error) || !query_to_json(&query, arena, &hit->query_params, error))
		return false;
	hit->utm_source = campaign_word(deny, raw->campaign_source, &query, "utm_source", arena);
	hit->utm_medium = campaign_word(deny, raw->campaign_medium, &query, "utm_medium", arena);
	hit->utm_campaign = campaign_word(deny, raw->campaign_name, &query, "utm_campaign", arena);
	hit->utm_term = campaign_word(deny, raw->campaign_term, &query, "utm_term", arena);
	hit->utm_content = campaign_word(deny, raw->campaign_content, &query, "utm_content", arena);
	(void) query_click_id(&query, &hit->click_id_type, &hit->click_id);
	return true;
}

static bool scheme_is_of_a_page(Slice scheme)
{
	return scheme.data == NULL || slice_equal_ignoring_case(scheme, SLICE_LITERAL("http"))
		|| slice_equal_ignoring_case(scheme, SLICE_LITERAL("https"))
		|| slice_equal_ignoring_case(scheme, SLICE_LITERAL("android-app"))
		|| slice_equal_ignoring_case(scheme, SLICE_LITERAL("ios-app"));
}

static bool external_referrer_set(const Deny *deny, const Url *url, Arena *arena, Hit *hit)
{
	Slice host = url_lower(url->host, arena);
	Slice scheme = url_lower(url->scheme.data == NULL ? SLICE_LITERAL("http") : url->scheme, arena);
	Slice path = path_without_secrets(deny, url->path, arena);
	if (host.data == NULL || scheme.data == NULL || (path.data == NULL && url->path.size > 0))
		return false;
	if (path.size == 0 || deny_secret(url->path, arena) || deny_value(deny, path, arena))
		path = SLICE_LITERAL("/");
	hit->external_referrer = arena_format(arena, "%.*s://%.*s%s%.*s%.*s", SLICE_PRINT(scheme), SLICE_PRINT(host),
		url->port.size > 0 ? ":" : "", SLICE_PRINT(url->port), SLICE_PRINT(path));
	hit->referrer_domain = url_host_bare(host, arena);
	return hit->external_referrer.data != NULL && hit->referrer_domain.data != NULL;
}

// "www." makes no other site of a host.
static bool referrer_enrich(const Deny *deny, const EnrichInput *raw, Arena *arena, Hit *hit)
{
	Url url;
	bool is_url = url_split(raw->referrer, &url);
	bool is_own_path = !is_url && is_path(raw->referrer);
	if (is_own_path)
		url_split_reference(raw->referrer, &url);
	else if (!is_url || !scheme_is_of_a_page(url.scheme) || url.host.size == 0)
		return true;
	Slice own = url_host_bare(hit->page_host.size > 0 ? hit->page_host : raw->own_host, arena);
	Slice other = url_host_bare(url.host, arena);
	if (own.data == NULL || other.data == NULL)
		return false;
	if (!is_own_path && !slice_equal(own, other))
		return external_referrer_set(deny, &url, arena, hit);
	hit->referrer = path_without_secrets(deny, url.path, arena);
	if (url.path.size == 0)
		hit->referrer = SLICE_LITERAL("/");
	return hit->referrer.data != NULL;
}

bool page_enrich(const Deny *deny, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error)
{
	Url url = page_location(raw);
	hit->page_host = url.host.size > 0 ? url_lower(url.host, arena) : SLICE_NONE;
	hit->page_url = path_without_secrets(deny, url.path, arena);
	bool has_memory =
		(url.host.size == 0 || hit->page_host.data != NULL) && (url.path.size == 0 || hit->page_url.data != NULL);
	if (url.path.size == 0)
		hit->page_url = hit->type == HIT_PAGE || hit->page_host.size > 0 ? SLICE_LITERAL("/") : SLICE_NONE;
	if (!has_memory || !referrer_enrich(deny, raw, arena, hit))
		return error_set(error, ERROR_MEMORY, "no memory for the page's address");
	hit->page_title = slice_trim(raw->page_title);
	if (hit->page_title.size == 0)
		hit->page_title = SLICE_NONE;
	return query_enrich(deny, raw, url.query, arena, hit, error);
}

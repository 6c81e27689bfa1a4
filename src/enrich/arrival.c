#include "enrich/arrival.h"

#include "enrich/attribution.h"
#include "enrich/click_id.h"
#include "enrich/referrer.h"
#include "enrich/texts.h"
#include "enrich/url.h"

// A campaign's word, as the context gives it, or as the address does: Google's Analytics and Matomo's name for it. It is
// looked at like the query's: an address of mail does not stay.
static Slice campaign_word(const Deny *deny, Slice given, const Query *query, const char *name, const char *other,
	Arena *arena)
{
	Slice word = slice_trim(given);
	if (word.size == 0)
		word = slice_trim(query_get(query, name));
	if (word.size == 0)
		word = slice_trim(query_get(query, other));
	return word.size > 0 && !deny_value(deny, word, arena) ? word : SLICE_NONE;
}

static void campaign_enrich(const Deny *deny, const EnrichInput *raw, const Query *query, Arena *arena, Hit *hit)
{
	hit->utm_source = campaign_word(deny, raw->campaign_source, query, "utm_source", "mtm_source", arena);
	hit->utm_medium = campaign_word(deny, raw->campaign_medium, query, "utm_medium", "mtm_medium", arena);
	hit->utm_campaign = campaign_word(deny, raw->campaign_name, query, "utm_campaign", "mtm_campaign", arena);
	hit->utm_term = campaign_word(deny, raw->campaign_term, query, "utm_term", "mtm_kwd", arena);
	hit->utm_content = campaign_word(deny, raw->campaign_content, query, "utm_content", "mtm_content", arena);
	(void) click_id_of(query, &hit->click_id_type, &hit->click_id);
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

static bool host_is_own(const ArrivalRules *rules, Slice host)
{
	return referrer_is_own(host, rules->own_hosts, rules->own_host_count);
}

static void search_term_set(const Deny *deny, const Url *url, Arena *arena, Hit *hit)
{
	const DataReferrer *engine = referrer_find(url->host, url->path);
	hit->search_term = SLICE_NONE;
	if (engine != NULL && slice_equal_text(slice_from(engine->category), "search"))
		hit->search_term = referrer_search_term(engine, url, deny, arena);
}

// "www." makes no other site of a host.
static bool referrer_enrich(const ArrivalRules *rules, const EnrichInput *raw, Arena *arena, Hit *hit)
{
	Url url;
	bool is_url = url_split(raw->referrer, &url);
	bool is_own_path = !is_url && url_is_path(raw->referrer);
	if (is_own_path)
		url_split_reference(raw->referrer, &url);
	else if (!is_url || !scheme_is_of_a_page(url.scheme) || url.host.size == 0)
		return true;
	Slice own = url_host_bare(hit->page_host.size > 0 ? hit->page_host : raw->own_host, arena);
	Slice other = url_host_bare(url.host, arena);
	if (own.data == NULL || other.data == NULL)
		return false;
	if (is_own_path || slice_equal(own, other) || host_is_own(rules, other))
	{
		Slice path = url.path.size == 0 ? SLICE_LITERAL("/") : path_without_secrets(rules->deny, url.path, arena);
		hit->referrer = path_by_policy(rules->paths, path, arena);
		return hit->referrer.data != NULL;
	}
	search_term_set(rules->deny, &url, arena, hit);
	return external_referrer_set(rules->deny, &url, arena, hit);
}

bool arrival_enrich(const ArrivalRules *rules, const EnrichInput *raw, const Query *query, Arena *arena, Hit *hit,
	Error *error)
{
	if (!referrer_enrich(rules, raw, arena, hit))
		return error_set(error, ERROR_MEMORY, "no memory for the referrer");
	campaign_enrich(rules->deny, raw, query, arena, hit);
	return true;
}

void arrival_classify(const ArrivalRules *rules, Trace *trace, Hit *hit)
{
	Url referrer = {0};
	bool is_url = hit->external_referrer.size > 0 && url_split(hit->external_referrer, &referrer);
	bool is_internal = hit->referrer.size > 0 || (is_url && host_is_own(rules, referrer.host));
	const AttributionInput input = {
		.utm_source = hit->utm_source,
		.utm_medium = hit->utm_medium,
		.utm_campaign = hit->utm_campaign,
		.utm_term = hit->utm_term,
		.utm_content = hit->utm_content,
		.click_id_type = hit->click_id_type,
		.referrer_host = is_internal ? SLICE_NONE : referrer.host,
		.referrer_path = referrer.path,
		.is_internal = is_internal,
	};
	const Attribution attribution = attribution_of(rules->channels, &input);
	hit->referrer_category = attribution.referrer_category;
	hit->channel_type = attribution.channel.type;
	hit->channel_subtype = attribution.channel.name;
	trace_note(trace, "channel", "%s:%d", attribution.channel.file, attribution.channel.line);
}

void arrival_classify_again(const ArrivalRules *rules, Arena *arena, Hit *hit)
{
	Url referrer = {0};
	if (slice_equal_text(hit->referrer_category, "internal") && hit->external_referrer.size == 0)
		hit->referrer = SLICE_LITERAL("/"); // a session does not keep it
	arrival_classify(rules, NULL, hit);
	if (!slice_equal_text(hit->referrer_category, "search"))
		hit->search_term = SLICE_NONE;
	else if (hit->search_term.size == 0 && url_split(hit->external_referrer, &referrer))
		search_term_set(rules->deny, &referrer, arena, hit);
}

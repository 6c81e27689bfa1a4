#include "enrich/enrich.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "enrich/identity.h"
#include "enrich/ip.h"
#include "enrich/page.h"
#include "enrich/rules.h"
#include "enrich/sender.h"
#include "enrich/texts.h"

#include <stdio.h>

#define PATH_SIZE_MAX 4096

struct Enricher {
	HashKey key;
	Rules *rules;
	Agents *agents;
	Ip *ip;
	char keys_folder[PATH_SIZE_MAX];
};

bool enricher_check(const Settings *settings, Error *error)
{
	Rules *rules = NULL;
	bool is_ok = rules_open(settings, &rules, error) && ip_check(settings, error);
	rules_close(rules);
	return is_ok;
}

bool enricher_reload(Enricher *enricher, const Settings *settings, Error *error)
{
	Rules *rules = NULL;
	Ip *ip = NULL;
	if (!rules_open(settings, &rules, error) || !ip_open(settings, enricher->keys_folder, &ip, error))
	{
		rules_close(rules);
		return false;
	}
	rules_close(enricher->rules);
	ip_close(enricher->ip);
	enricher->rules = rules;
	enricher->ip = ip;
	return true;
}

bool enricher_open(const Settings *settings, const char *keys_folder, Enricher **enricher, Error *error)
{
	Enricher *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for what enriches hits");
	if (snprintf(opened->keys_folder, PATH_SIZE_MAX, "%s", keys_folder) >= PATH_SIZE_MAX)
	{
		enricher_close(opened);
		return error_set(error, ERROR_BAD_INPUT, "the path of the keys folder is too long");
	}
	if (!identity_key_open(keys_folder, &opened->key, error) || !enricher_reload(opened, settings, error)
		|| !agents_open(&opened->agents, error))
	{
		enricher_close(opened);
		return false;
	}
	*enricher = opened;
	return true;
}

void enricher_close(Enricher *enricher)
{
	if (enricher == NULL)
		return;
	agents_close(enricher->agents);
	ip_close(enricher->ip);
	rules_close(enricher->rules);
	memory_free(enricher);
}

bool enricher_advance(Enricher *enricher, int64_t now_ms, Error *error)
{
	return ip_advance(enricher->ip, now_ms, error);
}

Hash128 enricher_hash(const Enricher *enricher, const char *domain, Slice data)
{
	return hash_keyed(&enricher->key, domain, data);
}

// Every text cleaned; the copy points at the same bytes where there was nothing to clean.
static bool input_clean(const EnrichInput *raw, EnrichInput *clean, Arena *arena, Error *error)
{
	*clean = *raw;
	Slice *const texts[] = {&clean->user_id, &clean->anonymous_id, &clean->previous_id, &clean->ip, &clean->user_agent,
		&clean->page_url, &clean->page_path, &clean->page_search, &clean->page_title, &clean->page_host,
		&clean->own_host, &clean->referrer, &clean->campaign_source, &clean->campaign_medium, &clean->campaign_name,
		&clean->campaign_term, &clean->campaign_content, &clean->hints.brands, &clean->hints.full_versions,
		&clean->hints.platform, &clean->hints.platform_version};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
	{
		bool was_given = texts[i]->data != NULL;
		*texts[i] = utf8_clean(*texts[i], arena);
		if (was_given && texts[i]->data == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for the texts of a hit");
	}
	return true;
}

static void who_enrich(const Enricher *enricher, const EnrichInput *raw, Hit *hit)
{
	bool is_external = false;
	if (raw->user_id.size > 0)
		hit->user_id = identity_person(&enricher->key, raw->user_id, &is_external);
	hit->external_id = is_external ? raw->user_id : SLICE_NONE;
	if (raw->is_log_line)
		hit->anonymous_id = identity_log_browser(&enricher->key, raw->ip, raw->user_agent);
	else if (raw->anonymous_id.size > 0)
		hit->anonymous_id = identity_browser(&enricher->key, raw->anonymous_id);
	if (raw->previous_id.size > 0)
		hit->previous_id = identity_browser(&enricher->key, raw->previous_id);
}

// What a page says of itself counts before what a rule says of it.
static void category_enrich(const Categories *categories, Trace *trace, Hit *hit)
{
	if (hit->page_category.size > 0)
		trace_note(trace, "category", "the page says it itself");
	if (hit->page_category.size > 0 || hit->page_url.size == 0)
		return;
	const CategoryRule *rule = categories_find(categories, hit->page_host, hit->page_url);
	if (rule == NULL)
		return;
	hit->page_category = rule->name;
	trace_note(trace, "category", "%s:%u", categories->path, rule->line);
}

bool enrich_hit(const Enricher *enricher, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error)
{
	EnrichInput clean;
	if (!input_clean(raw, &clean, arena, error))
		return false;
	who_enrich(enricher, &clean, hit);
	const Rules *rules = enricher->rules;
	Query query;
	if (!sender_enrich(enricher->agents, &clean, arena, hit, error)
		|| !ip_enrich(enricher->ip, clean.ip, arena, hit, error)
		|| !page_enrich(&rules->deny, &rules->paths, &clean, arena, hit, &query, error)
		|| !arrival_enrich(&rules->arrival, &clean, &query, arena, hit, error)
		|| !texts_enrich(&rules->deny, &rules->keys, arena, hit, error) || !hit_apply_limits(hit, arena, error))
		return false;
	// What a person said about being counted counts whoever they are.
	if (hit->robot_kind.size == 0 && hit->type != HIT_CONSENT)
		hit->robot_kind = slice_from(exclude_kind(&rules->exclude, &clean, hit->page_host));
	if (hit->type != HIT_PAGE && hit->type != HIT_EVENT) // what a session may begin with
		return true;
	category_enrich(&rules->categories, raw->trace, hit);
	arrival_classify(&rules->arrival, raw->trace, hit);
	return true;
}

#include "enrich/enrich.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "enrich/arrival.h"
#include "enrich/deny.h"
#include "enrich/identity.h"
#include "enrich/ip.h"
#include "enrich/page.h"
#include "enrich/sender.h"
#include "enrich/texts.h"
#include "enrich/url.h"

#include <stdio.h>

#define SETTINGS_BYTES_MAX ((size_t) 512 * 1024)
#define PATH_SIZE_MAX 4096

struct Enricher {
	HashKey key;
	Arena arena; // of what is reloadable
	Deny deny;
	ArrivalRules arrival;
	Agents *agents;
	Ip *ip;
	char keys_folder[PATH_SIZE_MAX];
};

static bool own_hosts_copy(const SettingList *hosts, Arena *arena, ArrivalRules *arrival, Error *error)
{
	Slice *copies = ARENA_ARRAY(arena, Slice, hosts->count + 1);
	for (size_t i = 0; copies != NULL && i < hosts->count; i++)
	{
		copies[i] = url_host_bare(hosts->items[i], arena);
		if (copies[i].data == NULL)
			copies = NULL;
	}
	arrival->own_hosts = copies;
	arrival->own_host_count = hosts->count;
	return copies != NULL || error_set(error, ERROR_MEMORY, "no memory for the hosts of the site");
}

bool enricher_reload(Enricher *enricher, const Settings *settings, Error *error)
{
	Arena arena;
	Deny deny;
	ArrivalRules arrival = {0};
	Ip *ip = NULL;
	arena_init(&arena, SETTINGS_BYTES_MAX);
	if (!deny_open(settings->query_deny.items, settings->query_deny.count, &arena, &deny, error)
		|| !own_hosts_copy(&settings->own_hosts, &arena, &arrival, error)
		|| !channel_rules_open(settings->channel_rules_file, &arrival.channels, error)
		|| !ip_open(settings, enricher->keys_folder, &ip, error))
	{
		channel_rules_close(arrival.channels);
		arena_free(&arena);
		return false;
	}
	arena_free(&enricher->arena);
	channel_rules_close(enricher->arrival.channels);
	ip_close(enricher->ip);
	enricher->arena = arena;
	enricher->deny = deny;
	enricher->arrival = arrival;
	enricher->arrival.deny = &enricher->deny;
	enricher->ip = ip;
	return true;
}

bool enricher_open(const Settings *settings, const char *keys_folder, Enricher **enricher, Error *error)
{
	Enricher *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for what enriches hits");
	arena_init(&opened->arena, SETTINGS_BYTES_MAX);
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
	channel_rules_close(enricher->arrival.channels);
	ip_close(enricher->ip);
	arena_free(&enricher->arena);
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

bool enrich_hit(const Enricher *enricher, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error)
{
	EnrichInput clean;
	if (!input_clean(raw, &clean, arena, error))
		return false;
	who_enrich(enricher, &clean, hit);
	Query query;
	if (!sender_enrich(enricher->agents, &clean, arena, hit, error)
		|| !ip_enrich(enricher->ip, clean.ip, arena, hit, error)
		|| !page_enrich(&enricher->deny, &clean, arena, hit, &query, error)
		|| !arrival_enrich(&enricher->arrival, &clean, &query, arena, hit, error)
		|| !texts_enrich(&enricher->deny, arena, hit, error) || !hit_apply_limits(hit, arena, error))
		return false;
	if (hit->type == HIT_PAGE || hit->type == HIT_EVENT) // what a session may begin with
		arrival_classify(&enricher->arrival, hit);
	return true;
}

void enrich_again(const Enricher *enricher, Arena *arena, Hit *hit)
{
	arrival_classify_again(&enricher->arrival, arena, hit);
}

#include "enrich/rules.h"

#include "base/memory.h"
#include "enrich/url.h"

// Room for the longest lists and file of categories.
#define RULES_BYTES_MAX ((size_t) 1024 * 1024)

static bool deny_lists_open(const Settings *settings, Rules *rules, Error *error)
{
	const SettingList *denied = &settings->query_deny;
	const SettingList *allowed = &settings->query_allow;
	const SettingList *keys = &settings->property_deny;
	return deny_open(denied->items, denied->count, &rules->arena, &rules->deny, error)
		&& deny_allow_only(&rules->deny, allowed->items, allowed->count, &rules->arena, error)
		&& deny_open(keys->items, keys->count, &rules->arena, &rules->keys, error);
}

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

bool rules_open(const Settings *settings, Rules **rules, Error *error)
{
	Rules *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the rules of hits");
	arena_init(&opened->arena, RULES_BYTES_MAX);
	opened->arrival.deny = &opened->deny;
	opened->arrival.paths = &opened->paths;
	opened->paths = (PathPolicy){settings->path_trailing_slash, settings->path_case};
	if (deny_lists_open(settings, opened, error)
		&& categories_open(settings->page_category_file, &opened->arena, &opened->categories, error)
		&& exclude_open(settings, &opened->arena, &opened->exclude, error)
		&& own_hosts_copy(&settings->own_hosts, &opened->arena, &opened->arrival, error)
		&& channel_rules_open(settings->channel_rules_file, &opened->arrival.channels, error))
	{
		*rules = opened;
		return true;
	}
	rules_close(opened);
	return false;
}

void rules_close(Rules *rules)
{
	if (rules == NULL)
		return;
	channel_rules_close(rules->arrival.channels);
	arena_free(&rules->arena);
	memory_free(rules);
}

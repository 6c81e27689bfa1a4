#include "enrich/rules.h"

// Room for the longest lists and file of categories.
#define RULES_BYTES_MAX ((size_t) 1024 * 1024)

bool rules_open(const Settings *settings, Rules *rules, Error *error)
{
	const SettingList *denied = &settings->query_deny;
	const SettingList *allowed = &settings->query_allow;
	const SettingList *keys = &settings->property_deny;
	*rules = (Rules){0};
	arena_init(&rules->arena, RULES_BYTES_MAX);
	if (deny_open(denied->items, denied->count, &rules->arena, &rules->deny, error)
		&& deny_allow_only(&rules->deny, allowed->items, allowed->count, &rules->arena, error)
		&& deny_open(keys->items, keys->count, &rules->arena, &rules->keys, error)
		&& categories_open(settings->page_category_file, &rules->arena, &rules->categories, error))
		return true;
	arena_free(&rules->arena);
	return false;
}

void rules_close(Rules *rules)
{
	arena_free(&rules->arena);
}

#include "enrich/path_policy.h"

#include "enrich/url.h"

static bool is_file(Slice path)
{
	for (size_t at = path.size; at > 0 && path.data[at - 1] != '/'; at--)
		if (path.data[at - 1] == '.')
			return true;
	return false;
}

static bool has_upper(Slice path)
{
	for (size_t i = 0; i < path.size; i++)
		if (path.data[i] >= 'A' && path.data[i] <= 'Z')
			return true;
	return false;
}

Slice path_by_policy(const PathPolicy *policy, Slice path, Arena *arena)
{
	if (path.size == 0)
		return path;
	while (policy->slash == TRAILING_SLASH_REMOVE && path.size > 1 && path.data[path.size - 1] == '/')
		path.size--;
	if (policy->slash == TRAILING_SLASH_ADD && path.data[path.size - 1] != '/' && !is_file(path))
		path = arena_format(arena, "%.*s/", SLICE_PRINT(path));
	return policy->letters == PATH_CASE_LOWER && has_upper(path) ? url_lower(path, arena) : path;
}

#include "enrich/category.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/utf8.h"
#include "hit/hit.h"

static size_t blank_find(Slice text)
{
	size_t space = slice_find(text, ' ', 0);
	size_t tab = slice_find(text, '\t', 0);
	return space < tab ? space : tab;
}

static bool rule_read(const char *path, unsigned line, Slice text, CategoryRule *rule, Error *error)
{
	size_t end = blank_find(text);
	Slice glob = slice_sub(text, 0, end);
	size_t slash = slice_find(glob, '/', 0);
	*rule = (CategoryRule){.host = slice_sub(glob, 0, slash),
		.path = slice_sub(glob, slash, glob.size),
		.name = slice_trim(slice_sub(text, end, text.size)),
		.line = line};
	if (!utf8_is_valid(text))
		return error_set(error, ERROR_BAD_INPUT, "%s:%u: the line is not UTF-8", path, line);
	if (rule->path.size == 0)
		return error_set(error, ERROR_BAD_INPUT,
			"%s:%u: \"%.*s\" is no glob of a page: write a path that begins with '/', or a host and a path, such as "
			"shop.example.org/cart*",
			path, line, SLICE_PRINT(glob));
	if (rule->name.size == 0)
		return error_set(error, ERROR_BAD_INPUT, "%s:%u: behind the glob \"%.*s\" a name is missing", path, line,
			SLICE_PRINT(glob));
	if (rule->name.size > HIT_SIZE_MAX_page_category)
		return error_set(error, ERROR_BAD_INPUT, "%s:%u: the name is longer than %d bytes", path, line,
			HIT_SIZE_MAX_page_category);
	return true;
}

bool categories_open(const char *path, Arena *arena, Categories *categories, Error *error)
{
	Slice rest;
	size_t lines = 1;
	*categories = (Categories){0};
	if (*path == '\0')
		return true;
	if (!file_read(path, CATEGORY_FILE_SIZE_MAX, arena, &rest, error))
		return error->code != ERROR_NOT_FOUND
			? false
			: error_set(error, ERROR_NOT_FOUND, "%s is not there: make it, or empty the setting page_category_file",
				path);
	for (size_t at = slice_find(rest, '\n', 0); at < rest.size; at = slice_find(rest, '\n', at + 1))
		lines++;
	CategoryRule *rules = ARENA_ARRAY(arena, CategoryRule, lines < CATEGORY_RULES_MAX ? lines : CATEGORY_RULES_MAX);
	if (rules == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the rules of %s", path);
	for (unsigned line = 1; rest.size > 0; line++)
	{
		Slice text = slice_trim(slice_split(rest, '\n', &rest));
		if (text.size == 0 || *text.data == '#')
			continue;
		if (categories->count == CATEGORY_RULES_MAX)
			return error_set(error, ERROR_BAD_INPUT, "%s:%u: more than %d rules", path, line, CATEGORY_RULES_MAX);
		if (!rule_read(path, line, text, &rules[categories->count], error))
			return false;
		categories->count++;
	}
	categories->rules = rules;
	categories->path = arena_copy(arena, slice_from(path)).data;
	if (categories->path == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the rules of %s", path);
	return true;
}

static bool host_matches(Slice glob, Slice host)
{
	if (glob.size == 0 || glob_matches(glob, host))
		return true;
	return slice_starts_with(host, SLICE_LITERAL("www.")) && glob_matches(glob, slice_sub(host, 4, host.size));
}

const CategoryRule *categories_find(const Categories *categories, Slice host, Slice path)
{
	for (size_t i = 0; i < categories->count; i++)
		if (glob_matches(categories->rules[i].path, path) && host_matches(categories->rules[i].host, host))
			return &categories->rules[i];
	return NULL;
}

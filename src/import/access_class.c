#include "import/access_class.h"

#include "base/glob.h"
#include "data/tables.h"

#include <string.h>

const char *access_class_name(AccessClass class)
{
	static const char *const names[] = {
#define X(class, json_name, name) name,
		ACCESS_CLASSES(X)
#undef X
	};
	return names[class];
}

const char *access_class_json_name(AccessClass class)
{
	static const char *const names[] = {
#define X(class, json_name, name) json_name,
		ACCESS_CLASSES(X)
#undef X
	};
	return names[class];
}

// Behind the last dot of the last part of the path, with the dot; empty where there is none.
static Slice extension_of(Slice path)
{
	for (size_t i = path.size; i > 0 && path.data[i - 1] != '/'; i--)
		if (path.data[i - 1] == '.')
			return slice_sub(path, i - 1, path.size);
	return SLICE_LITERAL("");
}

static bool any_parameter_matches(Slice query, Slice glob)
{
	for (Slice rest = query; rest.size > 0;)
		if (glob_matches(glob, slice_split(rest, '&', &rest)))
			return true;
	return false;
}

static bool rule_matches(Slice pattern, Slice path, Slice extension, Slice query)
{
	switch (*pattern.data)
	{
	case '.':
		return slice_equal_ignoring_case(pattern, extension);
	case '?':
		return any_parameter_matches(query, slice_sub(pattern, 1, pattern.size));
	default:
		return glob_matches(pattern, path);
	}
}

const char *access_asset_kind(Slice path, Slice query)
{
	Slice extension = extension_of(path);
	for (const DataAssetRule *rule = data_asset_rules; rule->kind != NULL; rule++)
		if (rule_matches(slice_from(rule->pattern), path, extension, query))
			return rule->kind;
	return NULL;
}

AccessClass access_class_of(const AccessLine *line, const char **asset_kind)
{
	int status = line->status;
	if (!slice_equal_text(line->method, "GET"))
		return ACCESS_OTHER_METHOD;
	if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
		return ACCESS_REDIRECT;
	if (status >= 400 && status <= 599)
		return ACCESS_ERROR;
	if (status != 200 && status != 203 && status != 206 && status != 304)
		return ACCESS_NO_CONTENT;
	*asset_kind = access_asset_kind(line->path, line->query);
	return *asset_kind != NULL ? ACCESS_ASSET : ACCESS_PAGE_VIEW;
}

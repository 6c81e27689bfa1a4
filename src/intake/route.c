#include "intake/route.h"

static Slice without_slash(Slice path)
{
	return path.size > 1 && path.data[path.size - 1] == '/' ? slice_sub(path, 0, path.size - 1) : path;
}

static Route hits_route(Slice name)
{
	static const struct {
		Slice name;
		MessageKind message;
	} rows[] = {{{"batch", 5}, MESSAGE_UNKNOWN}, {{"b", 1}, MESSAGE_UNKNOWN}, {{"import", 6}, MESSAGE_UNKNOWN},
		{{"p", 1}, MESSAGE_PAGE}, {{"t", 1}, MESSAGE_TRACK}, {{"i", 1}, MESSAGE_IDENTIFY}, {{"a", 1}, MESSAGE_ALIAS},
		{{"s", 1}, MESSAGE_SCREEN}, {{"g", 1}, MESSAGE_GROUP}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		if (slice_equal(rows[i].name, name))
			return (Route){.kind = ROUTE_HITS, .message = rows[i].message};
	}
	MessageKind message = message_kind(name);
	return (Route){.kind = message == MESSAGE_UNKNOWN ? ROUTE_NONE : ROUTE_HITS, .message = message};
}

Route route_find(Slice path, Slice batch_path)
{
	static const Slice version = {"/v1/", 4};
	static const Slice projects = {"projects/", 9};
	static const Slice settings = {"/settings", 9};
	path = without_slash(path);
	if (slice_equal(path, batch_path))
		return (Route){.kind = ROUTE_HITS, .message = MESSAGE_UNKNOWN};
	if (slice_equal_text(path, "/healthz"))
		return (Route){.kind = ROUTE_HEALTH};
	if (slice_equal_text(path, "/"))
		return (Route){.kind = ROUTE_ROOT};
	if (!slice_starts_with(path, version))
		return (Route){.kind = ROUTE_NONE};
	Slice rest = slice_sub(path, version.size, path.size);
	if (!slice_starts_with(rest, projects))
		return hits_route(rest);
	Slice key = slice_sub(rest, projects.size, rest.size);
	if (!slice_ends_with(key, settings))
		return (Route){.kind = ROUTE_NONE};
	key = slice_sub(key, 0, key.size - settings.size);
	return (
		Route){.kind = key.size == 0 || slice_find(key, '/', 0) < key.size ? ROUTE_NONE : ROUTE_SETTINGS, .key = key};
}

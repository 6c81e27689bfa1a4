#include "import/own_host.h"

#include "import/access_class.h"

#include <ctype.h>
#include <string.h>

#define HOSTS_MAX 64
#define REFERRERS_MIN 5U
#define LINE_ARENA_BYTES_MAX ((size_t) 1 << 20U)

typedef struct HostCount {
	Slice host;
	unsigned count;
} HostCount;

// "https://www.example.com:8080/a" gives "example.com"; empty where there is none.
static Slice host_of(Slice url)
{
	const char *found = url.size < 3 ? NULL : memmem(url.data, url.size, "://", 3);
	if (found == NULL)
		return SLICE_LITERAL("");
	Slice host = slice_sub(url, (size_t) (found - url.data) + 3, url.size);
	size_t end = 0;
	while (end < host.size && strchr("/?#:", host.data[end]) == NULL)
		end++;
	host = slice_sub(host, 0, end);
	if (host.size > 4 && slice_equal_ignoring_case(slice_sub(host, 0, 4), SLICE_LITERAL("www.")))
		host = slice_sub(host, 4, host.size);
	return host;
}

static void host_count(HostCount *hosts, size_t *count, Slice host, Arena *arena)
{
	for (size_t i = 0; i < *count; i++)
	{
		if (!slice_equal_ignoring_case(hosts[i].host, host))
			continue;
		hosts[i].count++;
		return;
	}
	if (*count == HOSTS_MAX)
		return;
	Slice copy = arena_copy(arena, host);
	if (copy.data != NULL)
		hosts[(*count)++] = (HostCount){.host = copy, .count = 1};
}

static Slice lowered(Slice host, Arena *arena)
{
	char *copy = arena_allocate(arena, host.size + 1);
	if (copy == NULL)
		return SLICE_LITERAL("");
	for (size_t i = 0; i < host.size; i++)
		copy[i] = (char) tolower((unsigned char) host.data[i]);
	return (Slice){copy, host.size};
}

Slice own_host_find(Slice text, AccessFormat format, Arena *arena)
{
	HostCount hosts[HOSTS_MAX] = {0};
	size_t count = 0;
	unsigned all = 0;
	Arena line_arena;
	arena_init(&line_arena, LINE_ARENA_BYTES_MAX);
	for (Slice rest = text; rest.size > 0;)
	{
		AccessLine line;
		const char *kind = NULL;
		Slice host = SLICE_LITERAL("");
		arena_reset(&line_arena);
		if (access_line_parse(slice_split(rest, '\n', &rest), format, &line_arena, &line)
			&& access_class_of(&line, &kind) == ACCESS_ASSET)
			host = host_of(line.referrer);
		if (host.size == 0)
			continue;
		all++;
		host_count(hosts, &count, host, arena);
	}
	arena_free(&line_arena);
	for (size_t i = 0; i < count; i++)
		if (all >= REFERRERS_MIN && hosts[i].count > all / 2)
			return lowered(hosts[i].host, arena);
	return SLICE_LITERAL("");
}

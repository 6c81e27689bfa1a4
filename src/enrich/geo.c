#include "enrich/geo.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <maxminddb.h>
#include <string.h>

struct Geo {
	MMDB_s file;
};

bool geo_open(const char *path, Geo **geo, Error *error)
{
	Geo *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the geo file");
	int status = MMDB_open(path, MMDB_MODE_MMAP, &opened->file);
	if (status == MMDB_SUCCESS)
	{
		*geo = opened;
		return true;
	}
	memory_free(opened);
	if (status == MMDB_FILE_OPEN_ERROR)
		return error_set_errno(error, ERROR_BAD_INPUT, "the geo file %s cannot be opened", path);
	return error_set(error, ERROR_BAD_INPUT, "the geo file %s is no MaxMind-format file (.mmdb): %s", path,
		MMDB_strerror(status));
}

void geo_close(Geo *geo)
{
	if (geo == NULL)
		return;
	MMDB_close(&geo->file);
	memory_free(geo);
}

// A text at a path of names; SLICE_NONE where there is none.
static Slice text_at(MMDB_lookup_result_s *found, const char *const *names)
{
	MMDB_entry_data_s data = {.has_data = false};
	if (MMDB_aget_value(&found->entry, &data, names) != MMDB_SUCCESS || !data.has_data
		|| data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return SLICE_NONE;
	return (Slice){data.utf8_string, data.data_size};
}

static bool is_code(Slice text, size_t least, size_t most)
{
	for (size_t at = 0; at < text.size; at++)
		if (!(text.data[at] >= 'A' && text.data[at] <= 'Z') && !(text.data[at] >= '0' && text.data[at] <= '9'))
			return false;
	return text.size >= least && text.size <= most;
}

static Slice country_find(MMDB_lookup_result_s *found)
{
	static const char *const paths[][3] = {{"country", "iso_code", NULL}, {"country_code", NULL}, {"country", NULL}};
	for (size_t at = 0; at < sizeof paths / sizeof *paths; at++)
	{
		Slice code = text_at(found, paths[at]);
		if (is_code(code, 2, 2))
			return code;
	}
	return SLICE_NONE;
}

void geo_find(const Geo *geo, const Address *address, Arena *arena, Slice *country, Slice *region)
{
	static const char *const code_path[] = {"subdivisions", "0", "iso_code", NULL};
	static const char *const name_path[] = {"subdivisions", "0", "names", "en", NULL};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
	struct sockaddr_in ipv4 = {.sin_family = AF_INET};
	const struct sockaddr *socket_address = (const void *) &ipv4;
	int status = MMDB_SUCCESS;
	*country = SLICE_NONE;
	*region = SLICE_NONE;
	memcpy(&ipv4.sin_addr, address->bytes, sizeof ipv4.sin_addr);
	memcpy(&ipv6.sin6_addr, address->bytes, sizeof ipv6.sin6_addr);
	if (address->is_ipv6)
		socket_address = (const void *) &ipv6;
	MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&geo->file, socket_address, &status);
	if (status != MMDB_SUCCESS || !found.found_entry)
		return;
	Slice code = country_find(&found);
	if (code.data == NULL)
		return;
	*country = arena_copy(arena, code);
	Slice subdivision = text_at(&found, code_path);
	Slice name = text_at(&found, name_path);
	if (is_code(subdivision, 1, 3))
		*region = arena_format(arena, "%.*s-%.*s", SLICE_PRINT(code), SLICE_PRINT(subdivision));
	else if (name.size > 0)
		*region = utf8_clean(arena_copy(arena, name), arena);
}

#include "enrich/ip_keys.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE_MAX 4096
#define DATE_SIZE 10
#define FILE_SIZE (DATE_SIZE + 1 + HASH_HEX_SIZE - 1)
// More than hits may be old (setting hit_age_days_max), a month, and what they may be ahead.
#define LINKS_MAX ((int64_t) 4096)

struct IpKeys {
	KeyRotation rotation;
	int64_t first_day;   // since 1970, of links[0]
	int64_t count;       // links that are made; at least one
	bool is_file_behind; // it still holds an earlier link
	HashKey links[LINKS_MAX];
	char path[PATH_SIZE_MAX];
	char lock_path[PATH_SIZE_MAX];
};

// ── Days ──

static int64_t day_of(int64_t time_ms)
{
	return time_ms / CLOCK_DAY_MS - (time_ms % CLOCK_DAY_MS < 0 ? 1 : 0);
}

static void day_write(int64_t day, char date[CLOCK_ISO8601_SIZE])
{
	clock_format_iso8601(day * CLOCK_DAY_MS, date);
	date[DATE_SIZE] = '\0';
}

static int64_t month_begin(int64_t day)
{
	char date[CLOCK_ISO8601_SIZE];
	int64_t day_of_month = 0;
	day_write(day, date);
	(void) slice_to_int64((Slice){date + DATE_SIZE - 2, 2}, &day_of_month);
	return day - day_of_month + 1;
}

static int64_t period_begin(KeyRotation rotation, int64_t day)
{
	return rotation == KEY_ROTATION_MONTH ? month_begin(day) : day;
}

// ── The chain ──

static HashKey link_next(const HashKey *link)
{
	return hash_key_derive(link, "next day", SLICE_NONE);
}

static const HashKey *link_at(IpKeys *keys, int64_t index)
{
	for (; keys->count <= index; keys->count++)
		keys->links[keys->count] = link_next(&keys->links[keys->count - 1]);
	return &keys->links[index];
}

static HashKey link_outside(const HashKey *first, int64_t day)
{
	char text[24];
	int size = snprintf(text, sizeof text, "%lld", (long long) day);
	return hash_key_derive(first, "day outside", (Slice){text, (size_t) size});
}

Hash128 ip_keys_hash(IpKeys *keys, int64_t time_ms, Slice network)
{
	int64_t day = day_of(time_ms);
	int64_t period = keys->rotation == KEY_ROTATION_NEVER ? keys->first_day : period_begin(keys->rotation, day);
	// A month that the chain begins in the middle of is that of its first link.
	if (keys->rotation == KEY_ROTATION_MONTH && period == month_begin(keys->first_day))
		period = keys->first_day;
	if (period >= keys->first_day && period - keys->first_day < LINKS_MAX)
		return hash_keyed(link_at(keys, period - keys->first_day), "ip", network);
	HashKey outside = link_outside(&keys->links[0], period);
	Hash128 hash = hash_keyed(&outside, "ip", network);
	hash_key_wipe(&outside, 1);
	return hash;
}

// ── The file ──

static bool file_parse(const char *path, Slice content, int64_t *day, HashKey *link, Error *error)
{
	int64_t time_ms = 0;
	content = slice_trim(content);
	if (content.size == FILE_SIZE && content.data[DATE_SIZE] == ' '
		&& clock_parse_iso8601(slice_sub(content, 0, DATE_SIZE), &time_ms)
		&& hash_key_read(slice_sub(content, DATE_SIZE + 1, content.size), link))
	{
		*day = day_of(time_ms);
		return true;
	}
	return error_set(error, ERROR_CORRUPT,
		"the key %s is no date and 64 hexadecimal digits; copy it from another collector, or remove it for a new one",
		path);
}

static bool file_load(const char *path, int64_t *day, HashKey *link, Error *error)
{
	Arena arena;
	Slice content;
	arena_init(&arena, 4096);
	bool is_ok = file_read(path, 1024, &arena, &content, error) && file_parse(path, content, day, link, error);
	arena_free(&arena);
	return is_ok;
}

static Slice file_write(int64_t day, const HashKey *link, char text[FILE_SIZE + 2])
{
	char date[CLOCK_ISO8601_SIZE];
	char hex[HASH_HEX_SIZE];
	day_write(day, date);
	hash_key_write(link, hex);
	(void) snprintf(text, FILE_SIZE + 2, "%.10s %s\n", date, hex);
	return (Slice){text, FILE_SIZE + 1};
}

static bool file_make(const IpKeys *keys, int64_t day, Error *error)
{
	HashKey fresh;
	char text[FILE_SIZE + 2];
	bool is_created = false;
	random_bytes(fresh.bytes, sizeof fresh.bytes);
	// Where another process was quicker, its key is the one.
	return file_create(keys->path, file_write(day, &fresh, text), 0600, &is_created, error);
}

// The first link to the file, where no later one stands there.
static bool file_advance(IpKeys *keys, Error *error)
{
	char text[FILE_SIZE + 2];
	int64_t day = 0;
	HashKey link;
	int lock = -1;
	if (!file_lock(keys->lock_path, &lock, error))
		return error->code == ERROR_BUSY; // looked at again next time
	bool is_ok = file_load(keys->path, &day, &link, error)
		&& (day >= keys->first_day
			|| file_replace(keys->path, file_write(keys->first_day, &keys->links[0], text), 0600, error));
	keys->is_file_behind = !is_ok;
	(void) close(lock);
	return is_ok;
}

// The chain of the file, from `wanted` on or from where it begins.
static bool chain_load(IpKeys *keys, int64_t wanted, Error *error)
{
	int64_t day = 0;
	HashKey link;
	if (!file_exists(keys->path) && !file_make(keys, wanted, error))
		return false;
	if (!file_load(keys->path, &day, &link, error))
		return false;
	keys->is_file_behind = keys->rotation != KEY_ROTATION_NEVER && day < wanted;
	while (keys->rotation != KEY_ROTATION_NEVER && day < wanted)
	{
		link = link_next(&link);
		day++;
	}
	hash_key_wipe(keys->links, (size_t) keys->count);
	keys->links[0] = link;
	keys->count = 1;
	keys->first_day = day;
	return true;
}

bool ip_keys_advance(IpKeys *keys, int64_t oldest_ms, Error *error)
{
	int64_t wanted = period_begin(keys->rotation, day_of(oldest_ms));
	bool is_due = keys->count == 0 || (keys->rotation != KEY_ROTATION_NEVER && wanted > keys->first_day);
	return (!is_due || chain_load(keys, wanted, error)) && (!keys->is_file_behind || file_advance(keys, error));
}

bool ip_keys_open(const char *keys_folder, KeyRotation rotation, int64_t oldest_ms, IpKeys **keys, Error *error)
{
	IpKeys *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the keys of addresses");
	opened->rotation = rotation;
	bool is_ok = snprintf(opened->path, sizeof opened->path, "%s/ip.key", keys_folder) < (int) sizeof opened->path
			&& snprintf(opened->lock_path, sizeof opened->lock_path, "%s/ip.key.lock", keys_folder)
				< (int) sizeof opened->lock_path
		? file_make_directory(keys_folder, 0700, error) && ip_keys_advance(opened, oldest_ms, error)
		: error_set(error, ERROR_BAD_INPUT, "the path of the keys folder is too long");
	if (!is_ok)
	{
		ip_keys_close(opened);
		return false;
	}
	*keys = opened;
	return true;
}

void ip_keys_close(IpKeys *keys)
{
	if (keys == NULL)
		return;
	hash_key_wipe(keys->links, (size_t) keys->count);
	memory_free(keys);
}

#include "enrich/agents.h"

#include "base/hash.h"
#include "base/memory.h"
#include "enrich/families.h"
#include "enrich/patterns.h"

#include <string.h>

#define CACHE_SLOTS ((size_t) 8192) // power of two
#define CACHE_USER_AGENT_SIZE_MAX ((size_t) 512)
#define CACHE_WORDS_SIZE_MAX ((size_t) 140)
#define WORDS 4
// uap-core speaks of three parts of a browser's version, and of four of a system's.
#define BROWSER_PARTS 4

// A verdict, with the user agent whole, so that nobody can put a verdict in another's place.
typedef struct CacheSlot {
	uint16_t size; // of the user agent; 0: empty
	uint16_t word_sizes[WORDS];
	const char *robot_kind;
	const char *device_type;
	char words[CACHE_WORDS_SIZE_MAX]; // browser, its version, system, its version
	char user_agent[CACHE_USER_AGENT_SIZE_MAX];
} CacheSlot;

struct Agents {
	Patterns *robots;
	Patterns *browsers;
	Patterns *systems;
	Patterns *devices;
	CacheSlot *cache;
};

bool agents_open(Agents **agents, Error *error)
{
	Agents *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for what is known of user agents");
	opened->cache = memory_allocate_zeroed(CACHE_SLOTS, sizeof *opened->cache);
	bool is_ok = opened->cache != NULL || error_set(error, ERROR_MEMORY, "no memory for what is known of user agents");
	if (!is_ok || !patterns_open(data_robots, &opened->robots, error)
		|| !patterns_open(data_browsers, &opened->browsers, error)
		|| !patterns_open(data_systems, &opened->systems, error)
		|| !patterns_open(data_devices, &opened->devices, error))
	{
		agents_close(opened);
		return false;
	}
	*agents = opened;
	return true;
}

void agents_close(Agents *agents)
{
	if (agents == NULL)
		return;
	patterns_close(agents->robots);
	patterns_close(agents->browsers);
	patterns_close(agents->systems);
	patterns_close(agents->devices);
	memory_free(agents->cache);
	memory_free(agents);
}

static const char *first_name(Patterns *patterns, Slice text)
{
	PatternMatch match;
	return patterns_find(patterns, text, &match) ? match.row->names[0] : NULL;
}

const char *agents_device_of_model(Agents *agents, Slice model)
{
	return first_name(agents->devices, model);
}

// uap-core's "Other" is what nobody knows.
static Slice family_name(const Family *family)
{
	return slice_equal_text(family->parts[0], "Other") ? SLICE_NONE : family->parts[0];
}

static bool find_uncached(const Agents *agents, Slice user_agent, Arena *arena, Agent *agent, Error *error)
{
	Family browser;
	Family system;
	*agent = (Agent){.robot_kind = first_name(agents->robots, user_agent)};
	if (agent->robot_kind != NULL)
		return true;
	agent->device_type = first_name(agents->devices, user_agent);
	if (!family_find(agents->browsers, user_agent, arena, &browser, error)
		|| !family_find(agents->systems, user_agent, arena, &system, error))
		return false;
	browser.parts[BROWSER_PARTS] = SLICE_NONE;
	agent->browser = family_name(&browser);
	agent->os = family_name(&system);
	return (agent->browser.size == 0
			   || family_version(&browser, AGENT_VERSION_SIZE_MAX, arena, &agent->browser_version, error))
		&& (agent->os.size == 0 || family_version(&system, AGENT_VERSION_SIZE_MAX, arena, &agent->os_version, error));
}

// ── Cache ──

static void slot_write(CacheSlot *slot, Slice user_agent, const Agent *agent)
{
	const Slice words[WORDS] = {agent->browser, agent->browser_version, agent->os, agent->os_version};
	size_t size = 0;
	for (size_t i = 0; i < WORDS; i++)
		size += words[i].size;
	if (size > sizeof slot->words)
		return;
	slot->size = (uint16_t) user_agent.size;
	memcpy(slot->user_agent, user_agent.data, user_agent.size);
	slot->robot_kind = agent->robot_kind;
	slot->device_type = agent->device_type;
	size = 0;
	for (size_t i = 0; i < WORDS; i++)
	{
		slot->word_sizes[i] = (uint16_t) words[i].size;
		if (words[i].size > 0)
			memcpy(slot->words + size, words[i].data, words[i].size);
		size += words[i].size;
	}
}

// The words are copied, since the slot may be another's by the time they are used.
static bool slot_read(const CacheSlot *slot, Arena *arena, Agent *agent, Error *error)
{
	Slice *const words[WORDS] = {&agent->browser, &agent->browser_version, &agent->os, &agent->os_version};
	*agent = (Agent){.robot_kind = slot->robot_kind, .device_type = slot->device_type};
	size_t size = 0;
	for (size_t i = 0; i < WORDS; i++)
		size += slot->word_sizes[i];
	if (size == 0)
		return true;
	Slice copy = arena_copy(arena, (Slice){slot->words, size});
	if (copy.data == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for what a user agent says");
	size_t from = 0;
	for (size_t i = 0; i < WORDS; i++)
	{
		size_t to = from + slot->word_sizes[i];
		*words[i] = to > from ? slice_sub(copy, from, to) : SLICE_NONE;
		from = to;
	}
	return true;
}

bool agents_find(Agents *agents, Slice user_agent, Arena *arena, Agent *agent, Error *error)
{
	*agent = (Agent){0};
	if (user_agent.size == 0)
		return true;
	if (user_agent.size > CACHE_USER_AGENT_SIZE_MAX)
		return find_uncached(agents, user_agent, arena, agent, error);
	CacheSlot *slot = &agents->cache[hash_checksum(user_agent, 0) & (CACHE_SLOTS - 1)];
	if (slot->size == user_agent.size && memcmp(slot->user_agent, user_agent.data, user_agent.size) == 0)
		return slot_read(slot, arena, agent, error);
	if (!find_uncached(agents, user_agent, arena, agent, error))
		return false;
	slot_write(slot, user_agent, agent);
	return true;
}

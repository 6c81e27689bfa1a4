// Times what is known of user agents as the product has it: prints nanoseconds to open it, for an uncached look-up (median)
// and for a cached one (mean), over the user agents on standard input, one a line.
#include "enrich/agents.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_MAX 4000
#define LINE_SIZE_MAX 2000
#define COPIES 8
#define CACHED_ROUNDS 2000
#define CACHED_AGENTS 64

static char lines[LINES_MAX][LINE_SIZE_MAX];
static int64_t times[LINES_MAX * COPIES];

static int64_t now_ns(void)
{
	struct timespec now;
	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int compare(const void *left, const void *right)
{
	int64_t a = *(const int64_t *) left;
	int64_t b = *(const int64_t *) right;
	return a < b ? -1 : a > b;
}

static size_t lines_read(void)
{
	size_t count = 0;
	while (count < LINES_MAX && fgets(lines[count], LINE_SIZE_MAX, stdin) != NULL)
	{
		lines[count][strcspn(lines[count], "\n")] = '\0';
		count += lines[count][0] != '\0';
	}
	return count;
}

static void look_up(Agents *agents, Slice user_agent, Arena *arena)
{
	Agent agent;
	Error error;
	arena_reset(arena);
	if (agents_find(agents, user_agent, arena, &agent, &error))
		return;
	(void) fprintf(stderr, "%s\n", error.message);
	exit(1);
}

// Each is made new by a number behind it, so that the cache has none of them.
static int64_t uncached_median_ns(Agents *agents, size_t count, Arena *arena)
{
	size_t taken = 0;
	for (int copy = 0; copy < COPIES; copy++)
		for (size_t i = 0; i < count; i++)
		{
			char text[LINE_SIZE_MAX + 16];
			int size = snprintf(text, sizeof text, "%s %d", lines[i], copy);
			int64_t begin = now_ns();
			look_up(agents, (Slice){text, (size_t) size}, arena);
			times[taken++] = now_ns() - begin;
		}
	qsort(times, taken, sizeof *times, compare);
	return times[taken / 2];
}

static int64_t cached_mean_ns(Agents *agents, size_t count, Arena *arena)
{
	count = count < CACHED_AGENTS ? count : CACHED_AGENTS;
	for (size_t i = 0; i < count; i++)
		look_up(agents, slice_from(lines[i]), arena);
	int64_t begin = now_ns();
	for (int round = 0; round < CACHED_ROUNDS; round++)
		for (size_t i = 0; i < count; i++)
			look_up(agents, slice_from(lines[i]), arena);
	return (now_ns() - begin) / (CACHED_ROUNDS * (int64_t) count);
}

int main(void)
{
	Agents *agents;
	Arena arena;
	Error error;
	arena_init(&arena, 1U << 20U);
	size_t count = lines_read();
	int64_t begin = now_ns();
	if (count == 0 || !agents_open(&agents, &error))
	{
		(void) fprintf(stderr, "%s\n", count == 0 ? "no user agents on standard input" : error.message);
		return 1;
	}
	int64_t open_ns = now_ns() - begin;
	int64_t uncached_ns = uncached_median_ns(agents, count, &arena);
	int64_t cached_ns = cached_mean_ns(agents, count, &arena);
	printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", open_ns, uncached_ns, cached_ns);
	agents_close(agents);
	arena_free(&arena);
	return 0;
}

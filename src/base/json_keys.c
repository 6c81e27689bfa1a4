#include "base/json_keys.h"

#include <string.h>

#define PAIRWISE_COUNT_MAX 16

static int key_compare(const JsonValue *left, const JsonValue *right)
{
	if (left->key.size != right->key.size)
		return left->key.size < right->key.size ? -1 : 1;
	return left->key.size == 0 ? 0 : memcmp(left->key.data, right->key.data, left->key.size);
}

// A key that is overruled loses its data pointer, which no key of an object lacks.
static void overruled_remove(JsonValue *object)
{
	JsonValue **link = &object->first;
	object->count = 0;
	while (*link != NULL)
	{
		if ((*link)->key.data == NULL)
		{
			*link = (*link)->next;
			continue;
		}
		object->count++;
		link = &(*link)->next;
	}
}

static bool pairs_mark(JsonValue *object)
{
	bool is_any = false;
	for (JsonValue *child = object->first; child != NULL; child = child->next)
	{
		const JsonValue *later = child->next;
		while (later != NULL && key_compare(child, later) != 0)
			later = later->next;
		if (later != NULL)
		{
			child->key = SLICE_NONE;
			is_any = true;
		}
	}
	return is_any;
}

static void runs_merge(JsonValue **from, JsonValue **to, size_t count, size_t width)
{
	for (size_t start = 0; start < count; start += 2 * width)
	{
		size_t left = start;
		size_t left_end = start + width < count ? start + width : count;
		size_t right = left_end;
		size_t right_end = left_end + width < count ? left_end + width : count;
		for (size_t at = start; at < right_end; at++)
		{
			bool is_left = right == right_end || (left < left_end && key_compare(from[left], from[right]) <= 0);
			to[at] = is_left ? from[left++] : from[right++];
		}
	}
}

// Sorting costs n log n whatever the keys are; a hash table would have to fear keys made to collide.
static bool sorted_mark(JsonValue *object, Arena *arena, bool *is_any)
{
	size_t count = object->count;
	JsonValue **nodes = arena_allocate(arena, 2 * count * sizeof *nodes);
	if (nodes == NULL)
		return false;
	JsonValue **other = nodes + count;
	size_t at = 0;
	for (JsonValue *child = object->first; child != NULL; child = child->next)
		nodes[at++] = child;
	for (size_t width = 1; width < count; width *= 2)
	{
		runs_merge(nodes, other, count, width);
		JsonValue **swap = nodes;
		nodes = other;
		other = swap;
	}
	for (size_t i = 0; i + 1 < count; i++) // the sort is stable: of equal ones the last came last
	{
		if (key_compare(nodes[i], nodes[i + 1]) != 0)
			continue;
		nodes[i]->key = SLICE_NONE;
		*is_any = true;
	}
	return true;
}

bool json_keys_deduplicate(JsonValue *object, Arena *arena)
{
	bool is_any = false;
	if (object->count <= PAIRWISE_COUNT_MAX)
		is_any = pairs_mark(object);
	else if (!sorted_mark(object, arena, &is_any))
		return false;
	if (is_any)
		overruled_remove(object);
	return true;
}

#include "loader/chain.h"

#include <string.h>

int chain_point_compare(const ChainPoint *left, const ChainPoint *right)
{
	if (left->time_ms != right->time_ms)
		return left->time_ms < right->time_ms ? -1 : 1;
	if (left->is_leave != right->is_leave)
		return left->is_leave ? 1 : -1;
	int by_id = uuid_compare(left->id, right->id);
	return by_id != 0 ? by_id : (int) right->is_view - (int) left->is_view;
}

Uuid chain_session_id(Uuid first_hit_id, int64_t browser)
{
	char text[8 + sizeof first_hit_id.bytes + sizeof browser] = "session";
	memcpy(text + 8, first_hit_id.bytes, sizeof first_hit_id.bytes);
	memcpy(text + 8 + sizeof first_hit_id.bytes, &browser, sizeof browser);
	return uuid7_from_hash(uuid7_time_ms(first_hit_id), hash_128((Slice){text, sizeof text}));
}

Uuid chain_client_part_id(Uuid session_id, int64_t part, const LoaderRules *rules)
{
	if (part == 0)
		return session_id;
	char text[sizeof session_id.bytes + sizeof part];
	memcpy(text, session_id.bytes, sizeof session_id.bytes);
	memcpy(text + sizeof session_id.bytes, &part, sizeof part);
	return uuid7_from_hash(uuid7_time_ms(session_id) + part * rules->session_max_ms,
		hash_128((Slice){text, sizeof text}));
}

int64_t chain_client_part(Uuid session_id, int64_t time_ms, const LoaderRules *rules)
{
	int64_t age_ms = time_ms - uuid7_time_ms(session_id);
	return age_ms < 0 ? 0 : age_ms / rules->session_max_ms;
}

typedef struct ChainState {
	const LoaderRules *rules;
	int64_t browser;
	ChainPart *parts;
	size_t count;
	bool is_running;
	bool is_part_open; // parts[count - 1] takes points of this run
	int64_t run_started_ms;
	int64_t run_last_ms;
} ChainState;

static int64_t part_index(const ChainState *state, int64_t time_ms)
{
	return (time_ms - state->run_started_ms) / state->rules->session_max_ms;
}

static void activity_add(ChainState *state, int64_t time_ms)
{
	if (time_ms > state->run_last_ms)
		state->run_last_ms = time_ms;
	if (!state->is_part_open)
		return;
	ChainPart *part = &state->parts[state->count - 1];
	int64_t end_ms = state->run_started_ms + (part_index(state, part->started_ms) + 1) * state->rules->session_max_ms;
	int64_t last_ms = time_ms < end_ms ? time_ms : end_ms;
	if (last_ms > part->last_activity_ms)
		part->last_activity_ms = last_ms;
}

static void hit_add(ChainState *state, ChainPoint *point, uint32_t at)
{
	bool is_same_run = state->is_running && point->time_ms - state->run_last_ms <= state->rules->timeout_ms;
	if (!is_same_run)
	{
		state->is_running = true;
		state->run_started_ms = point->time_ms;
		state->run_last_ms = point->time_ms;
	}
	bool is_same_part = is_same_run && state->is_part_open
		&& part_index(state, point->time_ms) == part_index(state, state->parts[state->count - 1].started_ms);
	if (!is_same_part)
	{
		state->parts[state->count++] = (ChainPart){.id = chain_session_id(point->id, state->browser),
			.first_hit_id = point->id,
			.first_point = at,
			.started_ms = point->time_ms,
			.run_started_ms = state->run_started_ms,
			.last_activity_ms = point->time_ms};
		state->is_part_open = true;
	}
	point->part = (uint32_t) (state->count - 1);
	point->is_counted = true;
	activity_add(state, point->time_ms);
}

static void leave_add(ChainState *state, ChainPoint *point)
{
	int64_t viewed_ms = uuid7_time_ms(point->id);
	// A leave that claims to be before its view stands among hits of a run that its view may not belong to.
	bool is_of_run = state->is_running && viewed_ms >= state->run_started_ms && viewed_ms <= point->time_ms;
	point->is_counted = is_of_run && point->time_ms - state->run_last_ms <= state->rules->timeout_ms;
	if (!point->is_counted)
		return;
	point->part = state->is_part_open ? (uint32_t) (state->count - 1) : 0;
	activity_add(state, point->time_ms);
}

size_t chain_make(ChainPoint *points, size_t count, const ChainPrior *prior, const LoaderRules *rules, ChainPart *parts,
	int64_t *run_last_ms)
{
	ChainState state = {.rules = rules, .browser = prior->browser, .parts = parts};
	if (prior->is_given)
	{
		state.is_running = true;
		state.run_started_ms = prior->run_started_ms;
		state.run_last_ms = prior->last_activity_ms;
		if (prior->is_part_open)
		{
			parts[state.count++] = (ChainPart){.id = prior->part_id,
				.first_hit_id = prior->part_first_hit_id,
				.started_ms = prior->part_started_ms,
				.run_started_ms = prior->run_started_ms,
				.last_activity_ms = prior->last_activity_ms,
				.is_prior = true};
			state.is_part_open = true;
		}
	}
	for (size_t at = 0; at < count; at++)
	{
		if (points[at].is_leave)
			leave_add(&state, &points[at]);
		else
			hit_add(&state, &points[at], (uint32_t) at);
	}
	*run_last_ms = state.run_last_ms;
	return state.count;
}

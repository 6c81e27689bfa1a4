// Who each hit is of: persons, what is said of them, and the browsers they signed in on.
#include "loader/load.h"

#include "loader/aliases.h"
#include "sql/sql.h"

#include <stdlib.h>

#define EXTERNAL_ID_FIRST ((int64_t) 1 << 62U)

typedef struct PersonSeen {
	int64_t id;
	int64_t seen_ms;
	Slice external_id;
	BatchHit *hit;
	bool is_known; // this person was seen before, under the same external id
} PersonSeen;

static int person_compare(const void *left, const void *right)
{
	const PersonSeen *a = left;
	const PersonSeen *b = right;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->seen_ms < b->seen_ms ? -1 : a->seen_ms > b->seen_ms ? 1 : 0;
}

static bool persons_collect(Load *load, PersonSeen **persons, size_t *count, Error *error)
{
	*count = 0;
	*persons = ARENA_ARRAY(load->arena, PersonSeen, load->batch->count + 1);
	if (*persons == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < load->batch->count; at++)
	{
		BatchHit *hit = &load->batch->hits[at];
		if (batch_hit_is_live(hit) && hit->hit.type != HIT_LEAVE && hit->hit.user_id != HIT_NONE)
			(*persons)[(*count)++] = (PersonSeen){hit->hit.user_id, hit_time_ms(&hit->hit), hit->hit.external_id, hit};
	}
	qsort(*persons, *count, sizeof **persons, person_compare);
	return true;
}

// The persons that memory knows need not be asked for.
static void persons_remember(const Load *load, PersonSeen *persons, size_t count)
{
	for (size_t at = 0; at < count; at++)
	{
		if (at + RECENT_AHEAD < count)
			recent_table_prefetch(&load->recent->persons, recent_person_key(persons[at + RECENT_AHEAD].id));
		const RecentPerson *known = recent_table_find(&load->recent->persons, recent_person_key(persons[at].id));
		persons[at].is_known = known != NULL && known->seen_ms <= persons[at].seen_ms
			&& known->external_id == recent_external_id(persons[at].external_id);
	}
}

// Two user ids that hash to the same person: the second one's hits go to quarantine. Found here within the batch and by the
// database against earlier ones.
static bool collisions_refuse(Load *load, PersonSeen *persons, size_t count, Error *error)
{
	int64_t *ids = ARENA_ARRAY(load->arena, int64_t, count + 1);
	Slice *external_ids = ARENA_ARRAY(load->arena, Slice, count + 1);
	if (ids == NULL || external_ids == NULL)
		return load_no_memory(error);
	size_t asked = 0;
	for (size_t at = 0; at < count; at++)
	{
		if (persons[at].id < EXTERNAL_ID_FIRST || persons[at].is_known)
			continue;
		ids[asked] = persons[at].id;
		external_ids[asked++] = persons[at].external_id;
	}
	if (asked == 0)
		return true;
	PgResult *result = NULL;
	PgParam params[] = {pg_param_int64_array(load->arena, ids, asked),
		pg_param_text_array(load->arena, external_ids, asked)};
	if (!pg_query(load->conn, sql_loader_persons_collide, params, 2, &result, error))
		return false;
	bool is_ok = true;
	for (size_t at = 0; is_ok && at < count; at++)
	{
		bool is_collision = at > 0 && persons[at].id == persons[at - 1].id && persons[at].id >= EXTERNAL_ID_FIRST
			&& !slice_equal(persons[at].external_id, persons[at - 1].external_id);
		for (int row = 0; !is_collision && row < pg_rows(result); row++)
			is_collision = pg_int64(result, row, 0) == persons[at].id
				&& slice_equal(pg_text(result, row, 1), persons[at].external_id);
		if (is_collision)
			is_ok = quarantine_put(load, persons[at].hit, "two user ids lead to the same person", NULL, error);
	}
	pg_result_free(result);
	return is_ok;
}

static bool persons_write(Load *load, const PersonSeen *persons, size_t count, Error *error)
{
	load->persons = ARENA_ARRAY(load->arena, RecentPerson, count + 1);
	int64_t *ids = ARENA_ARRAY(load->arena, int64_t, count + 1);
	int64_t *seen = ARENA_ARRAY(load->arena, int64_t, count + 1);
	Slice *external_ids = ARENA_ARRAY(load->arena, Slice, count + 1);
	if (load->persons == NULL || ids == NULL || seen == NULL || external_ids == NULL)
		return load_no_memory(error);
	size_t written = 0;
	int64_t last = 0;
	for (size_t at = 0; at < count; at++)
	{
		if (persons[at].hit->is_refused || last == persons[at].id)
			continue;
		last = persons[at].id;
		load->persons[load->person_count++] =
			(RecentPerson){recent_person_key(last), persons[at].seen_ms, recent_external_id(persons[at].external_id)};
		if (persons[at].is_known)
			continue;
		ids[written] = persons[at].id;
		seen[written] = persons[at].seen_ms;
		external_ids[written++] = persons[at].external_id;
	}
	if (written == 0)
		return true;
	PgParam params[] = {pg_param_int64_array(load->arena, ids, written),
		pg_param_int64_array(load->arena, seen, written), pg_param_text_array(load->arena, external_ids, written)};
	return pg_query(load->conn, sql_loader_persons, params, 3, NULL, error);
}

static bool traits_write(Load *load, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		const Hit *hit = &row->hit;
		if (!batch_hit_is_live(row) || hit->type != HIT_IDENTIFY || hit->user_id == HIT_NONE)
			continue;
		if (hit->traits.data == NULL && hit->created_ms == HIT_NONE)
			continue;
		Slice traits = arena_copy(load->arena, hit->traits.data == NULL ? SLICE_LITERAL("{}") : hit->traits);
		if (traits.data == NULL)
			return load_no_memory(error);
		PgParam params[] = {param_int64(load, hit->user_id), param_uuid(load, hit->id), param_text(traits),
			hit->created_ms == HIT_NONE ? (PgParam){NULL} : param_int64(load, hit->created_ms)};
		if (!pg_query(load->conn, sql_loader_traits, params, 4, NULL, error))
			return false;
	}
	return true;
}

// An anonymous word is kept under the browser itself, so that who signs in there later changes nothing of it.
static bool consents_write(Load *load, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *row = &load->batch->hits[at];
		const Hit *hit = &row->hit;
		if (!batch_hit_is_live(row) || hit->type != HIT_CONSENT)
			continue;
		PgParam params[] = {
			param_int64(load, hit->user_id != HIT_NONE ? hit->user_id : hit->anonymous_id),
			{.value = hit->analytics_consent == HIT_NONE ? NULL
					: hit->analytics_consent == 1        ? "true"
														 : "false"},
			{.value = hit->marketing_consent == HIT_NONE ? NULL
					: hit->marketing_consent == 1        ? "true"
														 : "false"},
			hit->consent_version == HIT_NONE ? (PgParam){NULL} : param_int64(load, hit->consent_version),
			param_int64(load, hit_time_ms(hit)),
			{NULL},
		};
		Slice source = hit->source.data == NULL ? SLICE_NONE : arena_copy(load->arena, hit->source);
		if (hit->source.data != NULL)
			params[5] = param_text(source);
		if (!pg_query(load->conn, sql_loader_consent, params, 6, NULL, error))
			return false;
	}
	return true;
}

bool people_store(Load *load, Error *error)
{
	PersonSeen *persons = NULL;
	size_t count = 0;
	return persons_collect(load, &persons, &count, error) && (persons_remember(load, persons, count), true)
		&& collisions_refuse(load, persons, count, error) && persons_write(load, persons, count, error)
		&& traits_write(load, error) && consents_write(load, error) && aliases_store(load, error);
}

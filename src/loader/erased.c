// Hits of persons who were erased: refused, and counted, until they say yes again.
#include "loader/load.h"

#include "sql/sql.h"

typedef struct Asked {
	Slice *users;
	Slice *browsers;
	Uuid *ids;
	size_t *hits; // of the batch
	size_t count;
} Asked;

static bool asked_init(Load *load, Asked *asked, Error *error)
{
	size_t most = load->batch->count + 1;
	*asked = (Asked){.users = ARENA_ARRAY(load->arena, Slice, most),
		.browsers = ARENA_ARRAY(load->arena, Slice, most),
		.ids = ARENA_ARRAY(load->arena, Uuid, most),
		.hits = ARENA_ARRAY(load->arena, size_t, most)};
	return (asked->users != NULL && asked->browsers != NULL && asked->ids != NULL && asked->hits != NULL)
		|| load_no_memory(error);
}

static Slice optional_number(Load *load, int64_t number)
{
	return number == HIT_NONE ? SLICE_NONE : arena_format(load->arena, "%lld", (long long) number);
}

static void asked_add(Load *load, Asked *asked, size_t at)
{
	const Hit *hit = &load->batch->hits[at].hit;
	asked->users[asked->count] = optional_number(load, hit->user_id);
	asked->browsers[asked->count] = optional_number(load, hit->anonymous_id);
	asked->ids[asked->count] = hit->id;
	asked->hits[asked->count++] = at;
}

static bool asked_query(Load *load, const Asked *asked, const char *sql, PgResult **result, Error *error)
{
	const PgParam params[] = {pg_param_text_array(load->arena, asked->users, asked->count),
		pg_param_text_array(load->arena, asked->browsers, asked->count),
		pg_param_uuid_array(load->arena, asked->ids, asked->count)};
	return pg_query(load->conn, sql, params, 3, result, error);
}

static bool is_yes(const BatchHit *hit)
{
	return batch_hit_is_live(hit) && hit->hit.type == HIT_CONSENT && hit->hit.analytics_consent == 1;
}

// Whoever says yes, and from where, is taken from then on.
static bool yes_note(Load *load, Error *error)
{
	Asked asked;
	if (!asked_init(load, &asked, error))
		return false;
	for (size_t at = 0; at < load->batch->count; at++)
		if (is_yes(&load->batch->hits[at]))
			asked_add(load, &asked, at);
	return asked.count == 0 || asked_query(load, &asked, sql_loader_erased_yes, NULL, error);
}

// Somebody who is remembered was stored since anybody was erased: whoever erases leaves a mark, and all is forgotten. So a hit
// behind the first that is known of them is none of before.
static bool is_remembered(const Load *load, const Hit *hit)
{
	if (hit->user_id == HIT_NONE)
		return false;
	const RecentPerson *known = recent_table_find(&load->recent->persons, recent_person_key(hit->user_id));
	return known != NULL && known->seen_ms <= hit_time_ms(hit);
}

static bool erased_find(Load *load, Error *error)
{
	Asked asked;
	PgResult *result = NULL;
	if (!yes_note(load, error) || !asked_init(load, &asked, error))
		return false;
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		bool is_somebody = hit->hit.user_id != HIT_NONE || hit->hit.anonymous_id != HIT_NONE;
		if (batch_hit_is_live(hit) && is_somebody && !is_remembered(load, &hit->hit))
			asked_add(load, &asked, at);
	}
	if (asked.count == 0)
		return true;
	if (!asked_query(load, &asked, sql_loader_erased, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
		load->batch->hits[asked.hits[pg_int64(result, row, 0) - 1]].is_erased = true;
	pg_result_free(result);
	return true;
}

// With those that were taken out of the buffer, and read as nothing.
bool erased_refuse(Load *load, Error *error)
{
	int64_t count = 0;
	if (load->has_erased && !erased_find(load, error))
		return false;
	for (size_t at = 0; at < load->batch->count; at++)
		count += load->batch->hits[at].is_erased;
	return load_count(load, "erased_person", count, error);
}

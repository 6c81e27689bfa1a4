#include "loader/asked.h"

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

bool asked_is_of_somebody(const BatchHit *hit)
{
	return batch_hit_is_live(hit) && (hit->hit.user_id != HIT_NONE || hit->hit.anonymous_id != HIT_NONE);
}

bool asked_is_yes(const Load *load, const BatchHit *hit)
{
	(void) load;
	return batch_hit_is_live(hit) && hit->hit.type == HIT_CONSENT && hit->hit.analytics_consent == 1;
}

bool asked_collect(Load *load, AskedWhether is_meant, Asked *asked, Error *error)
{
	if (!asked_init(load, asked, error))
		return false;
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const Hit *hit = &load->batch->hits[at].hit;
		if (!is_meant(load, &load->batch->hits[at]))
			continue;
		asked->users[asked->count] = optional_number(load, hit->user_id);
		asked->browsers[asked->count] = optional_number(load, hit->anonymous_id);
		asked->ids[asked->count] = hit->id;
		asked->hits[asked->count++] = at;
	}
	return true;
}

bool asked_query(Load *load, const Asked *asked, const char *sql, PgResult **result, Error *error)
{
	if (result != NULL)
		*result = NULL;
	if (asked->count == 0)
		return true;
	const PgParam params[] = {pg_param_text_array(load->arena, asked->users, asked->count),
		pg_param_text_array(load->arena, asked->browsers, asked->count),
		pg_param_uuid_array(load->arena, asked->ids, asked->count)};
	return pg_query(load->conn, sql, params, 3, result, error);
}

BatchHit *asked_hit(const Load *load, const Asked *asked, const PgResult *result, int row)
{
	return &load->batch->hits[asked->hits[pg_int64(result, row, 0) - 1]];
}

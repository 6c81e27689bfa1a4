// Hits of persons who were erased: refused, and counted, until they say yes again.
#include "loader/asked.h"
#include "sql/sql.h"

// Somebody who is remembered was stored since anybody was erased: whoever erases leaves a mark, and all is forgotten. So a hit
// behind the first that is known of them is none of before.
static bool is_remembered(const Load *load, const Hit *hit)
{
	if (hit->user_id == HIT_NONE)
		return false;
	const RecentPerson *known = recent_table_find(&load->recent->persons, recent_person_key(hit->user_id));
	return known != NULL && known->seen_ms <= hit_time_ms(hit);
}

static bool may_be_erased(const Load *load, const BatchHit *hit)
{
	return asked_is_of_somebody(hit) && !is_remembered(load, &hit->hit);
}

// Whoever says yes, and from where, is taken from then on.
static bool erased_find(Load *load, Error *error)
{
	Asked asked;
	PgResult *result = NULL;
	if (!asked_collect(load, asked_is_yes, &asked, error)
		|| !asked_query(load, &asked, sql_loader_erased_yes, NULL, error)
		|| !asked_collect(load, may_be_erased, &asked, error)
		|| !asked_query(load, &asked, sql_loader_erased, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
		asked_hit(load, &asked, result, row)->is_erased = true;
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

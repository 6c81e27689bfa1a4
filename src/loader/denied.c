// Hits of persons for whom a no was set: refused, and counted, until a later yes.
#include "loader/asked.h"
#include "sql/sql.h"

// What somebody says counts whatever they said before.
static bool may_be_denied(const Load *load, const BatchHit *hit)
{
	(void) load;
	return asked_is_of_somebody(hit) && hit->hit.type != HIT_CONSENT;
}

bool denied_refuse(Load *load, Error *error)
{
	Asked asked;
	PgResult *result = NULL;
	if (!load->has_denied)
		return true;
	if (!asked_collect(load, asked_is_yes, &asked, error)
		|| !asked_query(load, &asked, sql_loader_denied_yes, NULL, error)
		|| !asked_collect(load, may_be_denied, &asked, error)
		|| !asked_query(load, &asked, sql_loader_denied, &result, error))
		return false;
	int count = pg_rows(result);
	for (int row = 0; row < count; row++)
		asked_hit(load, &asked, result, row)->is_denied = true;
	pg_result_free(result);
	return load_count(load, "no_consent", count, error);
}

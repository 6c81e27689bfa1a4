#include "privacy/consent.h"

#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

bool privacy_consent(PgConn *conn, int64_t person, Arena *arena, Slice *consent, Error *error)
{
	char id[24];
	PgResult *result = NULL;
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	if (!pg_query(conn, sql_privacy_consent, (PgParam[]){pg_param(id)}, 1, &result, error))
		return false;
	*consent = arena_copy(arena, pg_text(result, 0, 0));
	pg_result_free(result);
	return consent->data != NULL || error_set(error, ERROR_MEMORY, "out of memory for a person's consent");
}

static PgParam word_param(PrivacyWord word)
{
	return pg_param(word == PRIVACY_SAYS_NOTHING ? NULL : word == PRIVACY_SAYS_YES ? "true" : "false");
}

bool privacy_consent_set(PgConn *conn, int64_t person, PrivacyWord analytics, PrivacyWord marketing, const char *who,
	Error *error)
{
	char id[24];
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	const PgParam params[] = {pg_param(id), word_param(analytics), word_param(marketing), pg_param(who)};
	return pg_query(conn, sql_privacy_consent_set, params, 4, NULL, error);
}

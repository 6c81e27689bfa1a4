#include "privacy/request.h"

#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names[PRIVACY_ACTION_COUNT] = {"erase", "pseudonymous", "anonymous"};

const char *privacy_action_name(PrivacyAction action)
{
	return names[action];
}

bool privacy_action_parse(Slice name, PrivacyAction *action)
{
	for (int at = 0; at < PRIVACY_ACTION_COUNT; at++)
	{
		if (!slice_equal_text(name, names[at]))
			continue;
		*action = (PrivacyAction) at;
		return true;
	}
	return false;
}

bool privacy_action_is_erase(PrivacyAction action)
{
	return action == PRIVACY_ERASE;
}

bool privacy_ask(PgConn *conn, int64_t person, PrivacyAction action, const char *who, Error *error)
{
	char id[24];
	PgResult *result = NULL;
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	const PgParam params[] = {pg_param(id), pg_param(names[action]), pg_param(who)};
	if (!pg_query(conn, sql_privacy_ask, params, 3, &result, error))
		return false;
	bool is_ours = slice_equal_text(pg_text(result, 0, 0), names[action]);
	if (!is_ours)
		(void) error_set(error, ERROR_CONFLICT,
			"another request for this person (%.*s) is being carried out; ask again when it is done",
			SLICE_PRINT(pg_text(result, 0, 0)));
	pg_result_free(result);
	return is_ours;
}

bool privacy_state(PgConn *conn, int64_t person, bool is_erase, Arena *arena, Slice *state, Error *error)
{
	char id[24];
	PgResult *result = NULL;
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	const PgParam params[] = {pg_param(id), pg_param(is_erase ? "{erase}" : "{pseudonymous,anonymous}")};
	if (!pg_query(conn, sql_privacy_state, params, 2, &result, error))
		return false;
	*state = arena_copy(arena, pg_text(result, 0, 0));
	pg_result_free(result);
	return state->data != NULL || error_set(error, ERROR_MEMORY, "out of memory for the state of a request");
}

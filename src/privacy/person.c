#include "privacy/person.h"

#include "sql/sql.h"

#define QUOTED_MAX 100

bool privacy_person_find(PgConn *conn, const char *text, int64_t *person, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_privacy_find, (PgParam[]){pg_param(text)}, 1, &result, error))
		return false;
	bool is_found = !pg_is_null(result, 0, 0);
	if (is_found)
		*person = pg_int64(result, 0, 0);
	pg_result_free(result);
	if (is_found)
		return true;
	if (!slice_to_int64(slice_from(text), person))
		return error_set(error, ERROR_NOT_FOUND, "there is no person \"%.*s\"", QUOTED_MAX, text);
	return *person != 0
		|| error_set(error, ERROR_NOT_FOUND, "0 is no person: it stands for those who were made nobody");
}

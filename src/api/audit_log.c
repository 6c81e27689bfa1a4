#include "api/audit_log.h"

#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define NUMBER_SIZE 24

bool api_audit_add(PgConn *conn, const char *action, const char *outcome, int64_t token_id, const char *subject,
	Error *error)
{
	char id[NUMBER_SIZE];
	(void) snprintf(id, sizeof id, "%" PRId64, token_id);
	const PgParam params[] = {pg_param(action), pg_param(outcome), pg_param(token_id == 0 ? NULL : id),
		pg_param(subject)};
	return pg_query(conn, sql_api_audit_add, params, 4, NULL, error);
}

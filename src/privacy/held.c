#include "privacy/held.h"

#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

bool privacy_held(PgConn *conn, int64_t person, PgResult **held, Error *error)
{
	char id[24];
	(void) snprintf(id, sizeof id, "%" PRId64, person);
	return pg_query(conn, sql_privacy_held, (PgParam[]){pg_param(id)}, 1, held, error);
}

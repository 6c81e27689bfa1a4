#include "schedule/zone.h"

#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

const Zone zone_utc = {.parts = {{.since_ms = INT64_MIN}}, .count = 1};

bool zone_load(PgConn *conn, const char *name, int64_t from_ms, Zone *zone, Error *error)
{
	char from[24];
	PgResult *result = NULL;
	(void) snprintf(from, sizeof from, "%" PRId64, from_ms);
	if (!pg_query(conn, sql_schedule_zone, (PgParam[]){pg_param(name), pg_param(from)}, 2, &result, error))
		return false;
	int rows = pg_rows(result);
	bool is_ok = rows <= ZONE_PARTS_MAX
		|| error_set(error, ERROR_TOO_LARGE, "the time zone \"%.*s\" changes too often", ZONE_NAME_SIZE_MAX, name);
	zone->count = 0;
	for (int row = 0; is_ok && row < rows; row++)
		zone->parts[zone->count++] = (ZonePart){.since_ms = row == 0 ? INT64_MIN : pg_int64(result, row, 0),
			.offset_ms = pg_int64(result, row, 1)};
	pg_result_free(result);
	return is_ok;
}

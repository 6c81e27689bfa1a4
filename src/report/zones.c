#include "report/zones.h"

#include "sql/sql.h"

#define ZONES_SIZE_MAX ((size_t) 1 << 20U)

void report_zones_init(ReportZones *zones)
{
	*zones = (ReportZones){0};
	arena_init(&zones->arena, ZONES_SIZE_MAX);
}

void report_zones_free(ReportZones *zones)
{
	arena_free(&zones->arena);
	*zones = (ReportZones){0};
}

static bool zones_copy(ReportZones *zones, const PgResult *result)
{
	size_t count = (size_t) pg_rows(result);
	zones->names = ARENA_ARRAY(&zones->arena, Slice, count + 1);
	if (zones->names == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
	{
		zones->names[i] = arena_copy(&zones->arena, pg_text(result, (int) i, 0));
		if (zones->names[i].data == NULL)
			return false;
	}
	zones->count = count;
	return true;
}

bool report_zones_load(ReportZones *zones, PgConn *conn, Error *error)
{
	PgResult *result = NULL;
	zones->count = 0;
	arena_reset(&zones->arena);
	if (!pg_query(conn, sql_report_zones, NULL, 0, &result, error))
		return false;
	bool is_ok =
		zones_copy(zones, result) || error_set(error, ERROR_MEMORY, "out of memory for the list of time zones");
	pg_result_free(result);
	return is_ok;
}

const char *report_zones_find(const ReportZones *zones, Slice name)
{
	for (size_t i = 0; i < zones->count; i++)
		if (slice_equal_ignoring_case(zones->names[i], name))
			return zones->names[i].data;
	return NULL;
}

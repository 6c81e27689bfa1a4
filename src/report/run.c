#include "report/run.h"

#include "report/filter.h"
#include "report/keys.h"
#include "report/statement.h"
#include "sql/sql.h"

#include <string.h>

// Columns of report_range.sql; report_range_previous.sql has the first of them.
enum { RANGE_FROM_AT, RANGE_TO_AT, RANGE_FROM_DATE, RANGE_TO_DATE, RANGE_IS_ROLLED, RANGE_IS_FORWARD, RANGE_DAYS };

static bool arena_fail(Error *error)
{
	return error_set(error, ERROR_TOO_LARGE, "the report's answer is too large; ask for a shorter range");
}

static bool zone_resolve(const ReportSource *source, ReportRequest *request, const char **zone, Error *error)
{
	bool is_given = request->is_given[REPORT_TZ];
	Slice name = is_given ? request->values[REPORT_TZ] : slice_from(source->zone_default);
	*zone = report_zones_find(source->zones, name);
	if (*zone != NULL)
		return true;
	char quote[REPORT_QUOTE_SIZE];
	if (!is_given)
		return error_set(error, ERROR_SYSTEM, "the time zone of the settings, \"%s\", is none the database knows",
			report_quote(name, quote));
	return report_request_refuse(request, REPORT_TZ, error,
		"is \"%s\", which is no time zone the database knows; it must be an IANA name such as Europe/Berlin",
		report_quote(name, quote));
}

static bool range_check(const PgResult *result, ReportRequest *request, Error *error)
{
	Slice from = pg_text(result, 0, RANGE_FROM_AT);
	Slice to = pg_text(result, 0, RANGE_TO_AT);
	int64_t days = pg_int64(result, 0, RANGE_DAYS);
	if (!pg_bool(result, 0, RANGE_IS_FORWARD))
		return report_request_refuse(request, request->is_given[REPORT_FROM] ? REPORT_FROM : REPORT_TO, error,
			"makes an empty range: it would begin at %.*s and end before that, at %.*s", SLICE_PRINT(from),
			SLICE_PRINT(to));
	if (days > REPORT_DAYS_MAX)
		return report_request_refuse(request, REPORT_FROM, error, "makes a range of %lld days; the most is %d",
			(long long) days, REPORT_DAYS_MAX);
	return true;
}

static bool range_copy(const PgResult *result, const char *zone, Arena *arena, ReportRange *range)
{
	range->from_at = arena_copy(arena, pg_text(result, 0, RANGE_FROM_AT));
	range->to_at = arena_copy(arena, pg_text(result, 0, RANGE_TO_AT));
	range->from_date = arena_copy(arena, pg_text(result, 0, RANGE_FROM_DATE));
	range->to_date = arena_copy(arena, pg_text(result, 0, RANGE_TO_DATE));
	range->zone = arena_copy(arena, slice_from(zone));
	range->is_rolled = pg_bool(result, 0, RANGE_IS_ROLLED);
	return range->from_at.data != NULL && range->to_at.data != NULL && range->from_date.data != NULL
		&& range->to_date.data != NULL && range->zone.data != NULL;
}

static PgParam moment_param(const ReportMoment *moment, ReportMomentKind kind)
{
	return pg_param(moment->kind == kind ? moment->text : NULL);
}

static bool range_resolve(const ReportSource *source, ReportRequest *request, Arena *arena, ReportRange *range,
	Error *error)
{
	const char *zone = NULL;
	if (!zone_resolve(source, request, &zone, error))
		return false;
	const PgParam params[] = {
		moment_param(&request->from, REPORT_MOMENT_DATE),
		moment_param(&request->from, REPORT_MOMENT_LOCAL),
		moment_param(&request->from, REPORT_MOMENT_INSTANT),
		moment_param(&request->to, REPORT_MOMENT_DATE),
		moment_param(&request->to, REPORT_MOMENT_LOCAL),
		moment_param(&request->to, REPORT_MOMENT_INSTANT),
		pg_param(zone),
		pg_param_bytes(request->values[REPORT_RANGE]),
	};
	PgResult *result = NULL;
	if (!pg_query(source->conn, sql_report_range, params, sizeof params / sizeof params[0], &result, error))
		return false;
	bool is_ok = range_check(result, request, error) && (range_copy(result, zone, arena, range) || arena_fail(error));
	pg_result_free(result);
	return is_ok;
}

static bool previous_resolve(PgConn *conn, const ReportRange *range, Arena *arena, ReportRange *previous, Error *error)
{
	const PgParam params[] = {pg_param(range->from_at.data), pg_param(range->to_at.data), pg_param(range->zone.data)};
	PgResult *result = NULL;
	if (!pg_query(conn, sql_report_range_previous, params, 3, &result, error))
		return false;
	bool is_ok = range_copy(result, range->zone.data, arena, previous) || arena_fail(error);
	pg_result_free(result);
	return is_ok;
}

// ── Rows ──

// Columns of the query before the report's own.
static int columns_before(const Report *report)
{
	return report_takes(report, REPORT_CURSOR) ? 2 : 1;
}

static bool columns_check(const PgResult *result, const Report *report, Error *error)
{
	int before = columns_before(report);
	bool is_right = (size_t) pg_columns(result) == report->column_count + (size_t) before;
	for (size_t i = 0; is_right && i < report->column_count; i++)
		is_right = strcmp(pg_column_name(result, (int) i + before), report->columns[i].name) == 0;
	return is_right
		|| error_set(error, ERROR_CORRUPT, "the query of the report %s gives other columns than it should",
			report->name);
}

static bool row_copy(const PgResult *result, int row, Arena *arena, ReportRow *copy, const Report *report)
{
	int before = columns_before(report);
	copy->is_total = pg_bool(result, row, 0);
	copy->cells = ARENA_ARRAY(arena, Slice, report->column_count);
	if (copy->cells == NULL)
		return false;
	for (size_t i = 0; i < report->column_count; i++)
	{
		if (pg_is_null(result, row, (int) i + before))
			continue;
		copy->cells[i] = arena_copy(arena, pg_text(result, row, (int) i + before));
		if (copy->cells[i].data == NULL)
			return false;
	}
	return true;
}

// A query with a limit gives one row more than asked where there are more; that one is not shown, and the cursor is that of the
// last one shown. *left_out is it, or -1.
static bool next_set(const PgResult *result, const ReportRequest *request, Arena *arena, ReportTable *table,
	int *left_out)
{
	int64_t limit = 0;
	int rows = pg_rows(result);
	bool has_total = rows > 0 && pg_bool(result, rows - 1, 0);
	*left_out = -1;
	if (!report_takes(request->report, REPORT_CURSOR)
		|| !slice_to_int64(report_request_value(request, REPORT_LIMIT), &limit) || rows - has_total <= limit)
		return true;
	*left_out = (int) limit;
	table->next = arena_copy(arena, pg_text(result, (int) limit - 1, 1));
	return table->next.data != NULL;
}

static bool rows_copy(const PgResult *result, const ReportRequest *request, Arena *arena, ReportTable *table)
{
	int left_out = -1;
	if (!next_set(result, request, arena, table, &left_out))
		return false;
	table->rows = ARENA_ARRAY(arena, ReportRow, (size_t) pg_rows(result) + 1);
	if (table->rows == NULL)
		return false;
	for (int row = 0; row < pg_rows(result); row++)
	{
		if (row == left_out)
			continue;
		if (!row_copy(result, row, arena, &table->rows[table->row_count], table->report))
			return false;
		table->row_count++;
	}
	return true;
}

static bool query_fail(const Report *report, Error *error)
{
	if (pg_is_cancelled(error))
		return error_prefix(error,
			"report %s was given up; ask for a shorter range, or set statement_timeout_seconds higher: ", report->name);
	return error_prefix(error, "report %s: ", report->name);
}

static bool table_fill(PgConn *conn, const ReportRequest *request, const ReportFilter *filter, const char *keys,
	Arena *arena, ReportTable *table, Error *error)
{
	ReportStatement statement;
	PgResult *result = NULL;
	if (!report_statement_make(request, filter, &table->range, keys, conn, arena, &statement, error))
		return false;
	if (!pg_query_planned(conn, statement.sql, statement.params, statement.param_count, &result, error))
		return query_fail(request->report, error);
	bool is_ok = columns_check(result, request->report, error)
		&& (rows_copy(result, request, arena, table) || arena_fail(error));
	pg_result_free(result);
	return is_ok;
}

// Of a list, the rows that are shown, wherever they stood then.
static bool previous_fill(PgConn *conn, const ReportRequest *request, const ReportFilter *filter, Arena *arena,
	ReportTable *table, Error *error)
{
	ReportTable *previous = ARENA_NEW(arena, ReportTable);
	ReportRequest asked = *request;
	const char *keys = NULL;
	if (previous == NULL)
		return arena_fail(error);
	if (request->report->keys != NULL)
	{
		asked.is_given[REPORT_SORT] = asked.is_given[REPORT_CURSOR] = false;
		if (!report_keys_make(table, arena, &keys, error))
			return false;
	}
	previous->report = table->report;
	table->previous = previous;
	return previous_resolve(conn, &table->range, arena, &previous->range, error)
		&& table_fill(conn, &asked, filter, keys, arena, previous, error);
}

bool report_run(const ReportSource *source, ReportRequest *request, Arena *arena, ReportTable *table, Error *error)
{
	ReportFilter filter;
	*table = (ReportTable){.report = request->report};
	return report_request_end(request, error) && report_filter_parse(request, arena, &filter, error)
		&& report_filter_expand(request, source->conn, arena, &filter, error)
		&& (!report_takes(request->report, REPORT_FROM) || range_resolve(source, request, arena, &table->range, error))
		&& table_fill(source->conn, request, &filter, NULL, arena, table, error)
		&& (!request->is_given[REPORT_COMPARE] || previous_fill(source->conn, request, &filter, arena, table, error));
}

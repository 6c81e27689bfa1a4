#include "report/statement.h"

#include "base/buf.h"
#include "sql/sql.h"

#include <string.h>

#define SQL_SIZE_MAX ((size_t) 256 << 10U)
#define ALIAS_SIZE_MAX 31

typedef struct Making {
	const ReportRequest *request;
	const ReportFilter *filter;
	ReportStatement *statement;
	Arena *arena;
	Buf sql;
} Making;

static int param_add(ReportStatement *statement, const char *value)
{
	statement->params[statement->param_count] = pg_param(value);
	return ++statement->param_count;
}

// ── Conditions ──

// Whether what is there fits, without regard to "none".
static void fits_write(Making *making, const ReportCondition *condition, const char *alias, int param)
{
	switch (condition->kind)
	{
	case REPORT_CONDITION_DIMENSION:
		buf_append_format(&making->sql, "%s.%s = ANY ($%d::integer[])", alias, condition->dimension->column, param);
		return;
	case REPORT_CONDITION_PAGE:
		buf_append_format(&making->sql, "%s.pages && $%d::integer[]", alias, param);
		return;
	case REPORT_CONDITION_PERSON:
		buf_append_format(&making->sql, "%s.person_id = ANY ($%d::bigint[])", alias, param);
		return;
	case REPORT_CONDITION_TRAIT:
		buf_append_format(&making->sql, "%s.person_id IN (SELECT persons_with_trait($%d, $%d::text[], $%d::text[]))",
			alias, param + 2, param, param + 1);
		return;
	case REPORT_CONDITION_EVENT:
		buf_append_format(&making->sql,
			"%s.session_id IN (SELECT sessions_with_event($%d::text[], $%d::text[], $1::timestamptz, %s::timestamptz))",
			alias, param, param + 1, making->request->report->is_open ? "'infinity'" : "$2");
		return;
	case REPORT_CONDITION_SEGMENT: // expanded
		return;
	case REPORT_CONDITION_AUTHENTICATED:
		buf_append_format(&making->sql, "%s.is_authenticated = %s", alias, condition->truth ? "true" : "false");
		return;
	}
}

static void conditions_write(Making *making, const char *alias, const int *params)
{
	for (size_t i = 0; i < making->filter->count; i++)
	{
		const ReportCondition *condition = &making->filter->conditions[i];
		buf_append_text(&making->sql, condition->is_negated ? " AND NOT coalesce(" : " AND (");
		fits_write(making, condition, alias, params[i]);
		if (condition->has_none)
			buf_append_format(&making->sql, " OR %s.pages = '{}'", alias);
		buf_append_text(&making->sql, condition->is_negated ? ", false)" : ")");
	}
}

// Whether rows of one session, which differ in their person, may pass and not pass.
static bool is_of_persons(const ReportFilter *filter)
{
	for (size_t i = 0; i < filter->count; i++)
	{
		ReportConditionKind kind = filter->conditions[i].kind;
		if (kind == REPORT_CONDITION_PERSON || kind == REPORT_CONDITION_AUTHENTICATED || kind == REPORT_CONDITION_TRAIT)
			return true;
	}
	return false;
}

// Behind "is_first": where the session's first row does not pass, the first one that does stands for it.
static void first_write(Making *making, const char *alias, const int *params)
{
	if (!is_of_persons(making->filter))
		return;
	buf_append_format(&making->sql,
		"OR NOT EXISTS (SELECT FROM session_summaries AS before_it WHERE before_it.started_at = %s.started_at AND "
		"before_it.session_id = %s.session_id AND before_it.person_id < %s.person_id",
		alias, alias, alias);
	conditions_write(making, "before_it", params);
	buf_append_byte(&making->sql, ')');
}

// ── Marks ──

static const char *by_column(const Making *making)
{
	const ReportDimension *dimension = report_dimension_find(report_request_value(making->request, REPORT_BY));
	return dimension == NULL ? NULL : dimension->column;
}

// The column without its _id, as breakdown_daily has it.
static Slice value_name(const char *column)
{
	return slice_sub(slice_from(column), 0, strlen(column) - strlen("_id"));
}

// Of the column that `by` names: alias.column, or without an alias its name in quotes and without _id.
static const char *by_write(Making *making, const char *alias, const char *end)
{
	const char *close = strstr(end, "/*by*/");
	const char *column = by_column(making);
	if (close == NULL || column == NULL)
		return NULL;
	if (alias != NULL)
		buf_append_format(&making->sql, "%s.%s", alias, column);
	else
		buf_append_format(&making->sql, "'%.*s'", SLICE_PRINT(value_name(column)));
	return close + strlen("/*by*/");
}

// Of the only condition, whose values breakdown_daily has.
static void value_write(Making *making, const char *alias, const int *params)
{
	buf_append_format(&making->sql, "AND %s.dimension = '%.*s' AND %s.value_id = ANY ($%d::integer[])", alias,
		SLICE_PRINT(value_name(making->filter->conditions[0].dimension->column)), alias, params[0]);
}

// What stands between a mark and the same again is an example; gives where the query goes on.
static const char *example_skip(const char *end, const char *mark)
{
	const char *close = strstr(end, mark);
	return close == NULL ? NULL : close + strlen(mark);
}

// The dimension of the only condition, as breakdown_daily has it, or its values.
static const char *condition_write(Making *making, const char *mark, const int *params)
{
	static const char dimension[] = "/*dimension*/";
	static const char values[] = "/*values*/";
	if (strncmp(mark, dimension, strlen(dimension)) == 0)
	{
		buf_append_format(&making->sql, "'%.*s'",
			SLICE_PRINT(value_name(making->filter->conditions[0].dimension->column)));
		return example_skip(mark + strlen(dimension), dimension);
	}
	if (strncmp(mark, values, strlen(values)) == 0)
	{
		buf_append_format(&making->sql, "$%d::integer[]", params[0]);
		return example_skip(mark + strlen(values), values);
	}
	return NULL;
}

// "/*where s*/" at `mark`: writes what it stands for, and gives where the query goes on; NULL where it is no mark.
static const char *mark_write(Making *making, const char *mark, const int *params)
{
	char alias[ALIAS_SIZE_MAX + 1] = "";
	const char *end = strstr(mark, "*/");
	if (strncmp(mark, "/*if where*/", strlen("/*if where*/")) == 0)
		return making->filter->count > 0 ? end + strlen("*/") : strstr(end, "/*if*/");
	const char *name = strchr(mark, ' ');
	if (end == NULL)
		return NULL;
	if (name == NULL || name > end)
		return condition_write(making, mark, params);
	if ((size_t) (end - name) > ALIAS_SIZE_MAX)
		return NULL;
	memcpy(alias, name + 1, (size_t) (end - name - 1));
	end += strlen("*/");
	if (strncmp(mark, "/*where ", strlen("/*where ")) == 0)
	{
		conditions_write(making, alias, params);
		return end;
	}
	if (strncmp(mark, "/*value ", strlen("/*value ")) == 0)
	{
		value_write(making, alias, params);
		return end;
	}
	if (strncmp(mark, "/*first ", strlen("/*first ")) == 0)
	{
		first_write(making, alias, params);
		return end;
	}
	if (strncmp(mark, "/*by ", strlen("/*by ")) == 0)
		return by_write(making, alias, end);
	if (strncmp(mark, "/*name by*/", strlen("/*name by*/")) == 0)
		return by_write(making, NULL, end);
	return NULL;
}

static void sql_write(Making *making, const char *sql, const int *params)
{
	while (*sql != '\0')
	{
		const char *mark = strstr(sql, "/*");
		size_t size = mark == NULL ? strlen(sql) : (size_t) (mark - sql);
		buf_append(&making->sql, sql, size);
		if (mark == NULL)
			return;
		sql = mark_write(making, mark, params);
		if (sql != NULL)
			continue;
		buf_append(&making->sql, mark, strlen("/*"));
		sql = mark + strlen("/*");
	}
}

// What conditions compare with, as parameters behind the others; params[i] is the first of condition i.
static bool operands_add(Making *making, PgConn *conn, int *params, Error *error)
{
	for (size_t i = 0; i < making->filter->count; i++)
	{
		ReportOperands operands;
		if (!report_filter_resolve(&making->filter->conditions[i], conn, making->arena, &operands, error))
			return false;
		params[i] = making->statement->param_count + 1;
		for (int at = 0; at < operands.count; at++)
			(void) param_add(making->statement, operands.params[at].data);
	}
	return true;
}

// The query with its marks filled in, in the arena.
static bool sql_make(Making *making, const char *sql, const int *params, const char **made, Error *error)
{
	buf_init(&making->sql, SQL_SIZE_MAX);
	sql_write(making, sql, params);
	buf_append_byte(&making->sql, '\0');
	*made = buf_is_ok(&making->sql) ? arena_copy(making->arena, buf_slice(&making->sql)).data : NULL;
	buf_free(&making->sql);
	return *made != NULL || error_set(error, ERROR_MEMORY, "out of memory for a query");
}

// Whether the day's figures of values are enough: one condition, which names values of a dimension, and they are known.
static bool is_of_values(Making *making, const ReportRange *range, const int *params, PgConn *conn, bool *is_enough,
	Error *error)
{
	const Report *report = making->request->report;
	const ReportStatement *statement = making->statement;
	const ReportCondition *condition = &making->filter->conditions[0];
	const char *sql = NULL;
	PgResult *result = NULL;
	*is_enough = report->sql_valued != NULL && range->is_rolled && making->filter->count == 1
		&& condition->kind == REPORT_CONDITION_DIMENSION && !condition->is_negated;
	if (!*is_enough)
		return true;
	if (!sql_make(making, report->sql_known, params, &sql, error)
		|| !pg_query_planned(conn, sql, statement->params, statement->param_count, &result, error))
		return false;
	*is_enough = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

static const char *sql_choose(const Making *making, const ReportRange *range, bool is_valued)
{
	const Report *report = making->request->report;
	if (is_valued)
		return report->sql_valued;
	return report->sql_rolled != NULL && range->is_rolled && making->filter->count == 0 ? report->sql_rolled
																						: report->sql;
}

bool report_statement_make(const ReportRequest *request, const ReportFilter *filter, const ReportRange *range,
	const char *keys, PgConn *conn, Arena *arena, ReportStatement *statement, Error *error)
{
	const Report *report = request->report;
	int params[REPORT_CONDITIONS_MAX] = {0};
	Making making = {.request = request, .filter = filter, .statement = statement, .arena = arena};
	*statement = (ReportStatement){0};
	if (report_takes(report, REPORT_FROM))
	{
		(void) param_add(statement, range->from_at.data);
		(void) param_add(statement, range->to_at.data);
		(void) param_add(statement, range->zone.data);
	}
	for (size_t i = 0; i < report->argument_count; i++)
	{
		Slice value = report_request_value(request, report->arguments[i].parameter);
		if (report->arguments[i].kind == REPORT_DIMENSION) // stands in the query itself
			continue;
		(void) param_add(statement, value.data == NULL ? NULL : arena_copy(arena, value).data);
	}
	if (report->keys != NULL)
		(void) param_add(statement, keys);
	bool is_valued = false;
	return operands_add(&making, conn, params, error) && is_of_values(&making, range, params, conn, &is_valued, error)
		&& sql_make(&making, sql_choose(&making, range, is_valued), params, &statement->sql, error);
}

// The reports of the API, straight from the database.
#include "command/commands.h"
#include "command/table.h"
#include "migrate/migrate.h"
#include "report/catalog.h"
#include "report/run.h"
#include "service/database.h"

#include <string.h>

#define OUTPUT_SIZE_MAX ((size_t) 64 << 20U)

typedef void (*Write)(const ReportTable *table, Buf *buf);

static bool which(CommandContext *context, const Report **report, Error *error)
{
	const char *name = command_argument(context);
	if (name == NULL)
		return command_misused(context, error, "which report?");
	*report = report_find(slice_from(name));
	return *report != NULL || command_misused(context, error, "there is no report \"%s\"", name);
}

static bool format_read(CommandContext *context, Write *write, Error *error)
{
	static const struct {
		const char *name;
		Write write;
	} formats[] = {{"table", report_write_text}, {"json", report_write_json}, {"csv", report_write_csv}};
	const char *name = context->is_json ? "json" : "table";
	if (!command_option(context, "format", &name, error))
		return false;
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
	{
		if (strcmp(name, formats[i].name) != 0)
			continue;
		*write = formats[i].write;
		return true;
	}
	return command_misused(context, error, "there is no format \"%s\"", name);
}

// What somebody typed wrong is wrong usage.
static bool request_fail(Error *error)
{
	if (error->code == ERROR_BAD_INPUT)
		error->code = ERROR_USAGE;
	return false;
}

static bool parameters_read(CommandContext *context, ReportRequest *request, Error *error)
{
	for (ReportParameter i = 0; i < REPORT_PARAMETER_COUNT; i++)
	{
		const char *name = report_parameter_name(i);
		const char *value = NULL;
		if (!report_takes(request->report, i))
			continue;
		if (!command_option(context, name, &value, error))
			return false;
		if (value != NULL && !report_request_set(request, slice_from(name), slice_from(value), error))
			return request_fail(error);
	}
	return true;
}

static bool print(const CommandContext *context, ReportRequest *request, PgConn *conn, Write write, Error *error)
{
	ReportZones zones;
	ReportTable table;
	Buf buf;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	report_zones_init(&zones);
	const ReportSource source = {.conn = conn, .zones = &zones, .zone_default = context->settings->timezone};
	bool is_ok = migrate_check(conn, context->settings->database_schema, sql_migrations, error)
		&& report_zones_load(&zones, conn, error)
		&& (report_run(&source, request, context->arena, &table, error) || request_fail(error));
	if (is_ok)
	{
		write(&table, &buf);
		is_ok = command_print(&buf, error);
	}
	report_zones_free(&zones);
	buf_free(&buf);
	return is_ok;
}

// ── What there is ──

static void parameter_write(ReportParameter parameter, Buf *buf)
{
	buf_append_format(buf, "  --%-9s %s", report_parameter_name(parameter), report_parameter_meaning(parameter));
}

static void argument_write(const ReportArgument *argument, Buf *buf)
{
	parameter_write(argument->parameter, buf);
	for (size_t i = 0; argument->choices != NULL && argument->choices[i] != NULL; i++)
		buf_append_format(buf, "%s%s", i == 0 ? " One of " : ", ", argument->choices[i]);
	buf_append_text(buf, argument->choices == NULL ? "" : ".");
	if (argument->fallback != NULL)
		buf_append_format(buf, " Usually %s.", argument->fallback);
	buf_append_text(buf, argument->is_required ? " It must be given.\n" : "\n");
}

static void report_write(const Report *report, Buf *buf)
{
	buf_append_format(buf, "%s\n  %s\n ", report->name, report->meaning);
	for (ReportParameter parameter = 0; parameter < REPORT_PARAMETER_COUNT; parameter++)
		if ((report->parameters & REPORT_TAKES(parameter)) != 0)
			buf_append_format(buf, " --%s", report_parameter_name(parameter));
	buf_append_byte(buf, '\n');
	for (size_t i = 0; i < report->argument_count; i++)
		argument_write(&report->arguments[i], buf);
	buf_append_byte(buf, '\n');
}

static bool list_print(CommandContext *context, Error *error)
{
	Buf buf;
	if (!command_end(context, error))
		return false;
	buf_init(&buf, OUTPUT_SIZE_MAX);
	for (size_t i = 0; report_at(i) != NULL; i++)
		report_write(report_at(i), &buf);
	for (ReportParameter parameter = REPORT_FROM; parameter <= REPORT_COMPARE; parameter++)
	{
		parameter_write(parameter, &buf);
		buf_append_byte(&buf, '\n');
	}
	bool is_ok = command_print(&buf, error);
	buf_free(&buf);
	return is_ok;
}

bool command_report(CommandContext *context, Error *error)
{
	const Report *report = NULL;
	ReportRequest request;
	Write write = report_write_text;
	PgConn *conn = NULL;
	if (command_flag(context, "list"))
		return list_print(context, error);
	if (!which(context, &report, error))
		return false;
	report_request_init(&request, report);
	if (!parameters_read(context, &request, error) || !format_read(context, &write, error)
		|| !command_end(context, error) || !service_connect_reader(context->settings, "sojourn report", &conn, error))
		return false;
	bool is_ok = print(context, &request, conn, write, error);
	pg_close(conn);
	return is_ok;
}

// `sojourn reclassify`: changed rules over what is stored.
#include "command/commands.h"
#include "command/table.h"
#include "enrich/rules.h"
#include "migrate/migrate.h"
#include "reclassify/reclassify.h"
#include "report/moment.h"
#include "service/database.h"

#include <inttypes.h>

// The columns of what a session keeps of its arrival, as the queries name them.
enum { SOURCE, MEDIUM, CAMPAIGN, TERM, CONTENT, CLICK_ID_TYPE, REFERRER_URL, ARRIVAL_LOOKED_AT };
enum { CATEGORY = ARRIVAL_LOOKED_AT, SEARCH_TERM, CHANNEL_TYPE, CHANNEL_SUBTYPE, ARRIVAL_COLUMNS };

static void arrival_columns_set(const void *context, Slice *columns, Arena *arena)
{
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.utm_source = columns[SOURCE];
	hit.utm_medium = columns[MEDIUM];
	hit.utm_campaign = columns[CAMPAIGN];
	hit.utm_term = columns[TERM];
	hit.utm_content = columns[CONTENT];
	hit.click_id_type = columns[CLICK_ID_TYPE];
	hit.external_referrer = columns[REFERRER_URL];
	hit.referrer_category = columns[CATEGORY];
	hit.search_term = columns[SEARCH_TERM];
	const Rules *rules = context;
	arrival_classify_again(&rules->arrival, arena, &hit);
	columns[CATEGORY] = hit.referrer_category;
	columns[SEARCH_TERM] = hit.search_term;
	columns[CHANNEL_TYPE] = hit.channel_type;
	columns[CHANNEL_SUBTYPE] = hit.channel_subtype;
}

// Contexts first: a session that is made anew meanwhile is made of what is right already.
static const ReclassifyPass passes[] = {
	{
		.table = "hit_contexts",
		.read = sql_reclassify_contexts_read,
		.write = sql_reclassify_contexts_write,
		.count = sql_reclassify_contexts_count,
		.looked_at = ARRIVAL_LOOKED_AT,
		.set = ARRIVAL_COLUMNS - ARRIVAL_LOOKED_AT,
		.classify = arrival_columns_set,
	},
	{
		.table = "session_attribution",
		.read = sql_reclassify_sessions_read,
		.write = sql_reclassify_sessions_write,
		.months = sql_reclassify_months,
		.looked_at = ARRIVAL_LOOKED_AT,
		.set = ARRIVAL_COLUMNS - ARRIVAL_LOOKED_AT,
		.classify = arrival_columns_set,
	},
};

static bool moment_read(CommandContext *context, const char *name, ReportMoment *moment, Error *error)
{
	const char *value = NULL;
	*moment = (ReportMoment){0};
	if (!command_option(context, name, &value, error))
		return false;
	return value == NULL || report_moment_parse(slice_from(value), moment)
		|| command_misused(context, error, "--%s is a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z", name);
}

static bool count_print(const CommandContext *context, const ReclassifyCounts *counts, Error *error)
{
	static const char *const columns[] = {"table", "rows", "changed", NULL};
	CommandTable table;
	command_table_init(&table, columns);
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
	{
		Slice *cells = command_table_row(&table, context->arena);
		if (cells == NULL)
			return error_set(error, ERROR_MEMORY, "out of memory for the counts");
		cells[0] = slice_from(passes[i].table);
		cells[1] = arena_format(context->arena, "%" PRId64, counts[i].rows);
		cells[2] = arena_format(context->arena, "%" PRId64, counts[i].changed);
	}
	return context->is_quiet && !context->is_json ? true : command_table_print(&table, context, error);
}

static bool passes_run(const CommandContext *context, const ReclassifyOptions *options, ReclassifyCounts *counts,
	Error *error)
{
	const Settings *settings = context->settings;
	PgConn *conn = NULL;
	bool is_ok = service_connect(settings, "sojourn reclassify", &conn, error)
		&& migrate_check(conn, settings->database_schema, sql_migrations, error);
	for (size_t i = 0; is_ok && i < sizeof passes / sizeof *passes; i++)
		is_ok = reclassify_run(conn, &passes[i], options, &counts[i], error);
	pg_close(conn);
	return is_ok;
}

bool command_reclassify(CommandContext *context, Error *error)
{
	ReportMoment from;
	ReportMoment to;
	ReclassifyCounts counts[sizeof passes / sizeof *passes] = {0};
	Rules *rules = NULL;
	ReclassifyOptions options = {.is_dry = command_flag(context, "dry-run"), .is_quiet = context->is_quiet};
	if (!moment_read(context, "from", &from, error) || !moment_read(context, "to", &to, error)
		|| !command_end(context, error))
		return false;
	options.from = from.kind == REPORT_MOMENT_NONE ? NULL : from.text;
	options.to = to.kind == REPORT_MOMENT_NONE ? NULL : to.text;
	options.is_to_day = to.kind == REPORT_MOMENT_DATE;
	if (!rules_open(context->settings, &rules, error))
		return false;
	options.context = rules;
	bool is_ok = passes_run(context, &options, counts, error);
	rules_close(rules);
	return is_ok && count_print(context, counts, error);
}

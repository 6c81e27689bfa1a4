#include "monitor/quality.h"

#include "sql/sql.h"

#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_SIZE 256

const QualityCheck quality_checks[] = {
	{"session_duration_p99", "validity", "user_sessions", sql_monitor_quality_durations, "86400", "172800", false,
		"seconds: the 99th percentile of how long the last day's sessions were"},
	{"time_on_page_missing", "completeness", "page_views", sql_monitor_quality_times, "60", "95", false,
		"percent of the last day's views in browsers have no time on page"},
	{"device_unknown", "completeness", "user_sessions", sql_monitor_quality_devices, "25", "75", false,
		"percent of the last day's sessions are on an unknown type of device"},
	{"attribution_missing", "consistency", "session_attribution", sql_monitor_quality_attribution, "0", "0", false,
		"sessions of the last day have no attribution"},
	{"view_session_missing", "consistency", "page_views", sql_monitor_quality_views, "0", "0", false,
		"views of the last day belong to no session"},
	{"event_session_missing", "consistency", "user_events", sql_monitor_quality_events, "0", "0", false,
		"events of the last day belong to no session"},
	{"event_view_missing", "consistency", "user_events", sql_monitor_quality_event_views, "5", "50", false,
		"percent of the last day's events name a view that is not stored"},
	{"clock_ahead", "validity", "page_views", sql_monitor_quality_clocks, "1", "10", false,
		"percent of the last day's views happened after they were stored"},
	{"arrival_delay_p95", "validity", "page_views", sql_monitor_quality_delays, "600", "21600", false,
		"seconds: in this time 95 of 100 views of the last day were stored"},
	{"robot_share", "validity", "robots", sql_monitor_quality_robots, "50", "95", false,
		"percent of the last day's hits were robots'"},
	{"view_volume", "completeness", "page_views", sql_monitor_quality_volume, "50", "10", true,
		"percent of the views a week before came in the last 24 hours"},
	{"rollup_delay", "consistency", "changed_buckets", sql_monitor_quality_rollups, "600", "21600", false,
		"seconds: for so long hours and days have been waiting to be counted"},
	{"rollup_failures", "consistency", "rollup_failures", sql_monitor_quality_rollup_failures, "0", "100", false,
		"sessions could not be counted"},
	{"quarantine", "validity", "quarantine", sql_monitor_quality_quarantine, "0", "1000", false,
		"hits could not be stored; `sojourn quarantine list` says why"},
	{"months_ahead", "consistency", "page_views", sql_monitor_quality_months, "1", "1", true,
		"months ahead have their partitions"},
	{NULL},
};

static const char *status_of(const QualityCheck *check, Slice figure)
{
	if (figure.data == NULL)
		return "pass";
	double value = strtod(figure.data, NULL);
	double warn_at = strtod(check->warn_at, NULL);
	double fail_at = strtod(check->fail_at, NULL);
	if (check->is_low ? value < fail_at : value > fail_at)
		return "fail";
	return (check->is_low ? value < warn_at : value > warn_at) ? "warn" : "pass";
}

static bool found_keep(PgConn *conn, const QualityCheck *check, Slice figure, Error *error)
{
	char message[MESSAGE_SIZE];
	if (figure.data == NULL)
		(void) snprintf(message, sizeof message, "there is nothing to judge by");
	else
		(void) snprintf(message, sizeof message, "%.*s %s", SLICE_PRINT(figure), check->words);
	const PgParam params[] = {pg_param(check->name), pg_param(check->type), pg_param(check->table),
		pg_param(status_of(check, figure)), pg_param(message), pg_param(figure.data), pg_param(check->warn_at)};
	return pg_query(conn, sql_monitor_quality_add, params, sizeof params / sizeof params[0], NULL, error);
}

bool quality_run(PgConn *conn, Error *error)
{
	bool is_ok = true;
	for (const QualityCheck *check = quality_checks; is_ok && check->name != NULL; check++)
	{
		PgResult *result = NULL;
		is_ok = pg_query(conn, check->sql, NULL, 0, &result, error)
			&& found_keep(conn, check, pg_text(result, 0, 0), error);
		pg_result_free(result);
	}
	return is_ok && pg_query(conn, sql_monitor_quality_prune, NULL, 0, NULL, error);
}

#include "privacy/export.h"

#include "base/clock.h"
#include "base/json.h"
#include "privacy/buffered.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define LINES_SIZE_MAX ((size_t) 64 << 20U)
#define FORMAT_VERSION 1

typedef struct Store {
	const char *name;
	const char *sql; // declares the cursor person_rows, of one column of JSON
} Store;

static const Store stores[] = {
	{"persons", sql_privacy_export_persons},
	{"person_aliases", sql_privacy_export_aliases},
	{"user_consent", sql_privacy_export_consent},
	{"user_sessions", sql_privacy_export_sessions},
	{"session_attribution", sql_privacy_export_attribution},
	{"page_views", sql_privacy_export_page_views},
	{"user_events", sql_privacy_export_events},
	{"hit_contexts", sql_privacy_export_contexts},
	{"session_leaves", sql_privacy_export_leaves},
	{"session_summaries", sql_privacy_export_summaries},
	{"person_days", sql_privacy_export_days},
	{"person_periods", sql_privacy_export_periods},
	{"quarantine", sql_privacy_export_quarantine},
};

typedef struct Writing {
	const PrivacyExport *asked;
	Buf lines;
	int64_t rows;
} Writing;

static void line_begin(Buf *lines, const char *store)
{
	buf_append_text(lines, "{\"store\":");
	json_write_string(lines, slice_from(store));
	buf_append_text(lines, ",\"row\":");
}

static bool lines_hand_on(Writing *writing, Error *error)
{
	if (!buf_is_ok(&writing->lines))
		return error_set(error, ERROR_MEMORY, "out of memory for the rows of a person");
	bool is_ok =
		writing->lines.size == 0 || writing->asked->sink(writing->asked->context, buf_slice(&writing->lines), error);
	buf_reset(&writing->lines);
	return is_ok;
}

static bool fetch(Writing *writing, const Store *store, int *count, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query_once(writing->asked->conn, sql_privacy_export_fetch, &result, error))
		return false;
	*count = pg_rows(result);
	for (int row = 0; row < *count; row++)
	{
		line_begin(&writing->lines, store->name);
		buf_append_slice(&writing->lines, pg_text(result, row, 0));
		buf_append_text(&writing->lines, "}\n");
	}
	writing->rows += *count;
	pg_result_free(result);
	return lines_hand_on(writing, error);
}

static bool store_write(Writing *writing, const Store *store, Error *error)
{
	char id[24];
	int count = 0;
	(void) snprintf(id, sizeof id, "%" PRId64, writing->asked->person);
	bool is_ok = pg_query(writing->asked->conn, store->sql, (PgParam[]){pg_param(id)}, 1, NULL, error);
	do
		is_ok = is_ok && fetch(writing, store, &count, error);
	while (is_ok && count > 0);
	return is_ok && pg_query(writing->asked->conn, sql_privacy_export_close, NULL, 0, NULL, error);
}

static bool hit_write(void *context, const Hit *hit, Error *error)
{
	Writing *writing = context;
	line_begin(&writing->lines, "buffer");
	hit_write_json(hit, &writing->lines);
	buf_append_text(&writing->lines, "}\n");
	writing->rows++;
	return lines_hand_on(writing, error);
}

static bool begin_write(Writing *writing, Error *error)
{
	char now[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(clock_now_ms(), now);
	line_begin(&writing->lines, "export");
	buf_append_format(&writing->lines, "{\"version\":%d,\"person\":\"%" PRId64 "\",\"made_at\":\"%s\"}}\n",
		FORMAT_VERSION, writing->asked->person, now);
	return lines_hand_on(writing, error);
}

static bool end_write(Writing *writing, Error *error)
{
	line_begin(&writing->lines, "end");
	buf_append_format(&writing->lines, "{\"rows\":%" PRId64 "}}\n", writing->rows);
	return lines_hand_on(writing, error);
}

static bool all_write(Writing *writing, Error *error)
{
	const PrivacyExport *asked = writing->asked;
	if (!begin_write(writing, error))
		return false;
	for (size_t at = 0; at < sizeof stores / sizeof stores[0]; at++)
		if (!store_write(writing, &stores[at], error))
			return false;
	return (asked->buffer_folder == NULL
			   || privacy_buffered(asked->conn, asked->person, asked->buffer_folder, hit_write, writing, error))
		&& end_write(writing, error);
}

bool privacy_export(const PrivacyExport *asked, int64_t *rows, Error *error)
{
	Writing writing = {.asked = asked};
	buf_init(&writing.lines, LINES_SIZE_MAX);
	bool is_ok = pg_query(asked->conn, sql_privacy_snapshot, NULL, 0, NULL, error) && all_write(&writing, error)
		&& pg_commit(asked->conn, error);
	if (!is_ok)
		pg_rollback(asked->conn);
	*rows = writing.rows;
	buf_free(&writing.lines);
	return is_ok;
}

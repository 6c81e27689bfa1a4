#include "privacy/work.h"

#include "base/clock.h"
#include "base/log.h"
#include "privacy/internal.h"
#include "privacy/scrub.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <poll.h>

#define ARENA_SIZE_MAX ((size_t) 1 << 20U)
#define LOOK_MS 200
#define BUFFER_LOOKS_MAX 25

static const char *const step_names[REQUEST_STEP_COUNT] = {"asked", "rows", "contexts", "figures", "texts",
	"statistics", "buffer"};

PgParam request_number(const Request *request, int64_t number)
{
	Slice text = arena_format(request->arena, "%" PRId64, number);
	return (PgParam){.value = text.data, .is_missing = text.data == NULL};
}

bool request_step(Request *request, RequestStep step, Slice counts, Error *error)
{
	if (counts.data == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for a request about a person");
	const PgParam params[] = {request_number(request, request->id), pg_param(step_names[step]), pg_param(counts.data)};
	return pg_query(request->conn, sql_privacy_step, params, 3, NULL, error);
}

// ── Steps that wait for others ──

static bool ask(Request *request, const char *sql, int64_t number, bool *is_true, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(request->conn, sql, (PgParam[]){request_number(request, number)}, 1, &result, error))
		return false;
	*is_true = pg_bool(result, 0, 0);
	pg_result_free(result);
	return true;
}

static bool figures(Request *request, bool *is_done, Error *error)
{
	bool is_counted = false;
	*is_done = false;
	if (!request->work->figures(request->work->context, request->conn, error)
		|| !ask(request, sql_privacy_figures, request->person, &is_counted, error))
		return false;
	*is_done = !is_counted;
	return is_counted || request_step(request, REQUEST_TEXTS, SLICE_LITERAL("{}"), error);
}

static bool texts(Request *request, bool *is_done, Error *error)
{
	bool is_waiting = false;
	*is_done = false;
	if (!request->work->figures(request->work->context, request->conn, error)
		|| !ask(request, sql_privacy_buckets, request->step_at_ms, &is_waiting, error))
		return false;
	if (is_waiting)
		return true;
	if (!request->work->texts(request->work->context, request->conn, is_done, error))
		return false;
	return !*is_done || request_step(request, REQUEST_STATISTICS, SLICE_LITERAL("{}"), error);
}

static bool buffer(Request *request, bool *is_done, Error *error)
{
	const PrivacyScrub scrub = {request->conn, request->work->buffer_folder, request->work->keep_ms};
	if (!privacy_scrub(&scrub, request->id, is_done, error))
		return false;
	if (!*is_done)
		return request_step(request, REQUEST_BUFFER, SLICE_LITERAL("{}"), error);
	return pg_query(request->conn, sql_privacy_done, (PgParam[]){request_number(request, request->id)}, 1, NULL, error);
}

// ── A request ──

static bool step_find(Slice name, RequestStep *step)
{
	for (int at = 0; at < REQUEST_STEP_COUNT; at++)
	{
		if (!slice_equal_text(name, step_names[at]))
			continue;
		*step = (RequestStep) at;
		return true;
	}
	return false;
}

// The oldest one behind `after`; *is_found.
static bool request_read(Request *request, int64_t after, bool *is_found, Error *error)
{
	PgResult *result = NULL;
	arena_reset(request->arena);
	if (!pg_query(request->conn, sql_privacy_next, (PgParam[]){request_number(request, after)}, 1, &result, error))
		return false;
	*is_found = pg_rows(result) > 0;
	bool is_ok = true;
	if (*is_found)
	{
		request->id = pg_int64(result, 0, 0);
		request->person = pg_int64(result, 0, 1);
		request->step_at_ms = pg_int64(result, 0, 4);
		is_ok = (privacy_action_parse(pg_text(result, 0, 2), &request->action)
					&& step_find(pg_text(result, 0, 3), &request->step))
			|| error_set(error, ERROR_CORRUPT,
				"a request about a person wants what this sojourn does not know; it is of a later version");
	}
	pg_result_free(result);
	return is_ok;
}

static bool step_make(Request *request, bool *is_done, Error *error)
{
	static bool (*const steps[REQUEST_STEP_COUNT])(Request *, bool *, Error *) = {erase_begin, erase_rows,
		erase_contexts, figures, texts, erase_statistics, buffer};
	return steps[request->step](request, is_done, error);
}

// As far as it goes within the patience for figures. Other machines' streams may take long, and others need not wait for that.
static bool request_see_to(Request *request, Error *error)
{
	int64_t id = request->id;
	int64_t until_us = clock_monotonic_us() + request->work->patience_ms * 1000;
	int looks = 0;
	for (bool is_found = true; is_found && request->id == id;)
	{
		bool is_done = false;
		if (!step_make(request, &is_done, error))
			return false;
		bool is_waiting = !is_done && request->step >= REQUEST_FIGURES;
		if (is_waiting && request->step == REQUEST_BUFFER && looks++ == BUFFER_LOOKS_MAX)
			return true;
		if (is_waiting && clock_monotonic_us() > until_us)
			return true;
		if (is_waiting)
			(void) poll(NULL, 0, LOOK_MS);
		if (!request_read(request, id - 1, &is_found, error))
			return false;
	}
	return true;
}

static void failure_keep(Request *request, const Error *failure)
{
	Error error;
	arena_reset(request->arena);
	const PgParam params[] = {request_number(request, request->id), pg_param(failure->message)};
	log_error("privacy.request_failed", failure);
	if (!pg_query(request->conn, sql_privacy_failed, params, 2, NULL, &error))
		log_error("privacy.failure_not_kept", &error);
}

static bool all_see_to(Request *request, Error *error)
{
	bool is_ok = true;
	int64_t after = 0;
	for (bool is_found = true;;)
	{
		Error failure;
		if (!request_read(request, after, &is_found, &failure))
			return is_ok ? (*error = failure, false) : false;
		if (!is_found)
			return is_ok;
		after = request->id;
		if (request_see_to(request, &failure))
			continue;
		if (is_ok)
			*error = failure;
		is_ok = false;
		request->id = after;
		failure_keep(request, &failure);
		if (pg_is_away(&failure) || !pg_is_open(request->conn))
			return false;
	}
}

bool privacy_work(PgConn *conn, const PrivacyWork *work, bool *is_elsewhere, Error *error)
{
	PgResult *result = NULL;
	Arena arena;
	Error ignored;
	if (!pg_query(conn, sql_privacy_lock, NULL, 0, &result, error))
		return false;
	*is_elsewhere = !pg_bool(result, 0, 0);
	pg_result_free(result);
	if (*is_elsewhere)
		return true;
	arena_init(&arena, ARENA_SIZE_MAX);
	Request request = {.work = work, .conn = conn, .arena = &arena};
	bool is_ok = all_see_to(&request, error);
	arena_free(&arena);
	if (!pg_query(conn, sql_privacy_unlock, NULL, 0, NULL, &ignored))
		log_error("privacy.lock", &ignored); // it ends with the connection
	return is_ok;
}

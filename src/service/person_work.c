#include "service/person_work.h"

#include "base/clock.h"
#include "privacy/work.h"
#include "service/rollup_options.h"

#include <stdio.h>

#define PATH_SIZE 4096
#define FIGURES_WAIT_MS (10 * CLOCK_SECOND_MS)
#define FIGURES_MAX_MS CLOCK_MINUTE_MS

static bool figures(void *context, PgConn *conn, Error *error)
{
	RollupOptions options = service_rollup_options(context);
	RollupCounts counts;
	options.wait_ms = FIGURES_WAIT_MS;
	options.time_max_ms = FIGURES_MAX_MS;
	options.is_paced = true;
	options.is_quiet = true;
	return rollup_refresh(conn, &options, &counts, error);
}

static bool texts(void *context, PgConn *conn, bool *is_done, Error *error)
{
	const Settings *settings = context;
	return rollup_sweep(conn, settings->database_schema, is_done, error);
}

bool service_person_work(const Settings *settings, PgConn *conn, int64_t patience_ms, bool *is_elsewhere, Error *error)
{
	char folder[PATH_SIZE];
	if (snprintf(folder, sizeof folder, "%s/buffer", settings->state_dir) >= (int) sizeof folder)
		return error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
	Settings copy = *settings; // the callbacks' context is not const
	const PrivacyWork work = {.session_timeout_ms = settings->session_timeout_minutes * CLOCK_MINUTE_MS,
		.buffer_folder = folder,
		.patience_ms = patience_ms,
		.figures = figures,
		.texts = texts,
		.context = &copy};
	return privacy_work(conn, &work, is_elsewhere, error);
}

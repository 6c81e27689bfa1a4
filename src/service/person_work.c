#include "service/person_work.h"

#include "base/clock.h"
#include "base/log.h"
#include "privacy/scrub.h"
#include "privacy/work.h"
#include "service/database.h"
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

static bool folder_path(const Settings *settings, char folder[PATH_SIZE], Error *error)
{
	return snprintf(folder, PATH_SIZE, "%s/buffer", settings->state_dir) < PATH_SIZE
		|| error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
}

bool service_person_work(const Settings *settings, PgConn *conn, int64_t patience_ms, bool *is_elsewhere, Error *error)
{
	char folder[PATH_SIZE];
	if (!folder_path(settings, folder, error))
		return false;
	Settings copy = *settings; // the callbacks' context is not const
	const PrivacyWork work = {.session_timeout_ms = settings->session_timeout_minutes * CLOCK_MINUTE_MS,
		.buffer_folder = folder,
		.keep_ms = settings->buffer_keep_hours * CLOCK_HOUR_MS,
		.patience_ms = patience_ms,
		.figures = figures,
		.texts = texts,
		.context = &copy};
	return privacy_work(conn, &work, is_elsewhere, error);
}

bool service_person_scrub_is_due(const Settings *settings, PgConn *conn, bool *is_due, Error *error)
{
	char folder[PATH_SIZE];
	const PrivacyScrub scrub = {conn, folder, settings->buffer_keep_hours * CLOCK_HOUR_MS};
	return folder_path(settings, folder, error) && privacy_scrub_is_due(&scrub, is_due, error);
}

bool service_person_scrub(const Settings *settings, Error *error)
{
	char folder[PATH_SIZE];
	PgConn *conn = NULL;
	log_init("jobs", settings->log_level);
	if (!folder_path(settings, folder, error) || !service_connect(settings, "sojourn scrub", &conn, error))
		return false;
	const PrivacyScrub scrub = {conn, folder, settings->buffer_keep_hours * CLOCK_HOUR_MS};
	bool is_ok = privacy_scrub_here(&scrub, error);
	pg_close(conn);
	return is_ok;
}

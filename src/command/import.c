// Reads files into the buffer: access logs and JSON Lines of hits. What was read before changes nothing.
#include "command/import.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "command/commands.h"
#include "command/table.h"
#include "service/database.h"
#include "service/rollup_options.h"
#include "service/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define LINE_ARENA_BYTES_MAX ((size_t) 64 << 20U)
#define PATIENCE_MS 10000
#define SOURCE_SIZE_MAX 100
#define ROLLUP_WAIT_MS (30 * CLOCK_SECOND_MS)

// ── While it runs ──

static void progress_show(Import *import, const char *reason)
{
	char note[128];
	char number[PROGRESS_NUMBER_SIZE];
	uint64_t done = import->bytes_done;
	uint64_t all = import->bytes_all;
	if (!progress_is_due(&import->progress))
		return;
	if (!import->is_reading)
		import_stream_progress(import->stream, &done, &all);
	progress_format_number(import_stream_hits(import->stream), number);
	(void) snprintf(note, sizeof note, "%s hits%s%s", number, reason == NULL ? "" : ", ", reason == NULL ? "" : reason);
	progress_update(&import->progress, done, all, note);
}

// An ImportWaiting.
static bool on_waiting(void *context, const char *reason, Error *error)
{
	(void) error;
	Import *import = context;
	// Said once even without a bar: an import that stands still looks broken.
	if (import->is_reading && !import->is_wait_told && !import->context->is_quiet)
		(void) fprintf(stderr, "sojourn: %s; the import goes on when there is room again\n", reason);
	import->is_wait_told = import->is_wait_told || import->is_reading;
	progress_show(import, import->is_reading ? "waiting for room" : "waiting for the loader");
	return true;
}

bool import_pause(void *context, const LineReader *reader, bool is_waiting, Error *error)
{
	Import *import = context;
	import->bytes_done = line_reader_bytes_read(reader);
	import->bytes_all = line_reader_bytes_all(reader);
	progress_show(import, NULL);
	return !is_waiting || import_stream_sync(import->stream, error);
}

// ── Beginning and end ──

// Files that another user makes in the state directory would be out of its processes' reach.
static bool owner_check(const Settings *settings, Error *error)
{
	struct stat status;
	if (stat(settings->state_dir, &status) != 0 || status.st_uid == geteuid())
		return true;
	return error_set(error, ERROR_FORBIDDEN,
		"%s belongs to the user with number %u; run the import as that user, so that its processes can read what is "
		"imported",
		settings->state_dir, (unsigned) status.st_uid);
}

bool import_open(Import *import, Error *error)
{
	const Settings *settings = import->context->settings;
	char keys[PATH_SIZE];
	process_leave_no_core(); // addresses are in memory
	log_init("import", settings->log_level == LOG_INFO ? LOG_WARNING : settings->log_level);
	progress_begin(&import->progress, "import", import->context->is_quiet);
	import->is_reading = true;
	if (snprintf(keys, sizeof keys, "%s/keys", settings->state_dir) >= (int) sizeof keys)
		return error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
	// Others make it so too: the private PostgreSQL, which may run as another user, has to pass through.
	if (!state_make(settings->state_dir, error) || !owner_check(settings, error)
		|| !ordinals_open(&import->ordinals, error) || !enricher_open(settings, keys, &import->enricher, error)
		|| !import_stream_open(settings, on_waiting, import, &import->stream, error))
		return false;
	import->hits.enricher = import->enricher;
	import->hits.stream = import->stream;
	import->hits.source = slice_from(import->source);
	return true;
}

// So that reports show what was imported as soon as the command is done. Where a worker is at it right now, its turn is
// waited for, within bounds: it will count the rest soon.
static bool figures_refresh(const Import *import, Error *error)
{
	const Settings *settings = import->context->settings;
	RollupOptions options = service_rollup_options(settings);
	RollupCounts counts;
	PgConn *conn = NULL;
	options.wait_ms = ROLLUP_WAIT_MS;
	options.is_quiet = import->context->is_quiet;
	bool is_ok =
		service_connect(settings, "sojourn import", &conn, error) && rollup_refresh(conn, &options, &counts, error);
	pg_close(conn);
	return is_ok;
}

bool import_finish(Import *import, Error *error)
{
	import->is_reading = false;
	progress_end(&import->progress);
	if (!import_stream_sync(import->stream, error))
		return false;
	if (import->is_no_wait)
		return true;
	progress_begin(&import->progress, "load", import->context->is_quiet);
	bool is_ok = import_stream_wait(import->stream, PATIENCE_MS, &import->is_loaded, error);
	progress_end(&import->progress);
	return is_ok && (!import->is_loaded || figures_refresh(import, error));
}

void import_close(Import *import)
{
	progress_end(&import->progress);
	import_stream_close(import->stream);
	enricher_close(import->enricher);
	ordinals_close(import->ordinals);
	arena_free(&import->line_arena);
}

// ── Arguments and output ──

bool import_arguments(Import *import, Error *error)
{
	CommandContext *context = import->context;
	import->is_no_wait = command_flag(context, "no-wait");
	if (!command_option(context, "source", &import->source, error))
		return false;
	if (*import->source == '\0' || strlen(import->source) > SOURCE_SIZE_MAX)
		return command_misused(context, error, "--source is a name of 1 to %d bytes", SOURCE_SIZE_MAX);
	import->files = ARENA_ARRAY(context->arena, const char *, context->argument_count + 1);
	if (import->files == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the names of the files");
	for (const char *file = command_argument(context); file != NULL; file = command_argument(context))
		import->files[import->file_count++] = file;
	if (!command_end(context, error))
		return false;
	return import->file_count > 0 || command_misused(context, error, "which file? - is standard input");
}

static void hits_end_write(const Import *import, Buf *buf)
{
	char number[PROGRESS_NUMBER_SIZE];
	uint64_t hits = import_stream_hits(import->stream);
	progress_format_number(hits, number);
	if (import->context->is_json)
		buf_append_format(buf, ",\"hits\":%" PRIu64 ",\"loaded\":%s}\n", hits, import->is_loaded ? "true" : "false");
	else if (hits == 0)
		buf_append_text(buf, "there is nothing to store in it\n");
	else if (import->is_loaded)
		buf_append_format(buf, "%s hits are loaded; what was there already stays as it was\n", number);
	else
		buf_append_format(buf, "%s hits wait in the buffer and are loaded when sojourn runs (sojourn up)\n", number);
}

bool import_output_end(const Import *import, Buf *buf, Error *error)
{
	hits_end_write(import, buf);
	bool is_ok = (import->context->is_quiet && !import->context->is_json) || command_print(buf, error);
	buf_free(buf);
	return is_ok;
}

bool command_import(CommandContext *context, Error *error)
{
	Import import = {.context = context};
	const char *kind = command_argument(context);
	bool is_ok;
	arena_init(&import.line_arena, LINE_ARENA_BYTES_MAX);
	if (kind != NULL && strcmp(kind, "access-log") == 0)
		is_ok = command_import_access_log(&import, error);
	else if (kind != NULL && strcmp(kind, "hits") == 0)
		is_ok = command_import_hits(&import, error);
	else
		is_ok = command_misused(context, error, kind == NULL ? "what is to be imported?" : "there is no import of %s",
			kind);
	import_close(&import);
	return is_ok;
}

#include "service/role.h"

#include "base/file.h"
#include "base/log.h"
#include "service/lock.h"
#include "service/state.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define RELOAD_SIZE_MAX ((size_t) 1 << 20U)

static const char *const names[ROLE_COUNT] = {"collector", "worker", "analytics"};

const char *role_name(Role role)
{
	return names[role];
}

bool role_parse(Slice name, Role *role)
{
	for (int i = 0; i < ROLE_COUNT; i++)
	{
		if (!slice_equal_text(name, names[i]))
			continue;
		*role = (Role) i;
		return true;
	}
	return false;
}

static bool run_path(const char *state_dir, const char *name, char path[PATH_SIZE], Error *error)
{
	return snprintf(path, PATH_SIZE, "%s/run%s%s", state_dir, *name == '\0' ? "" : "/", name) < PATH_SIZE
		|| error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long");
}

// ── Telling ──

void role_url(const char *address, int port, char url[ROLE_URL_SIZE])
{
	Slice host = SLICE_NONE;
	uint16_t asked = 0;
	bool is_split = settings_address_split(slice_from(address), &host, &asked);
	// A server that listens everywhere also listens here.
	bool is_anywhere = !is_split || host.size == 0 || slice_equal_text(host, "0.0.0.0") || slice_equal_text(host, "*");
	bool is_version6 = !is_anywhere && slice_find(host, ':', 0) < host.size;
	if (is_anywhere || slice_equal_text(host, "::"))
		host = is_version6 ? SLICE_LITERAL("::1") : SLICE_LITERAL("127.0.0.1");
	(void) snprintf(url, ROLE_URL_SIZE, is_version6 ? "http://[%.*s]:%d" : "http://%.*s:%d", SLICE_PRINT(host), port);
}

bool role_ready(const RoleContext *context, const char *url, Error *error)
{
	char line[ROLE_URL_SIZE + 1];
	int size = snprintf(line, sizeof line, "%s\n", url);
	if (pwrite(context->lock_fd, line, (size_t) size, 0) != size || ftruncate(context->lock_fd, size) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot write %s/run", context->settings->state_dir);
	log_event(LOG_INFO, "process.ready", "url=%s", *url == '\0' ? "-" : url);
	return context->ready_fd < 0 || file_write_all(context->ready_fd, (Slice){line, (size_t) size}, error);
}

bool role_state_read(const char *state_dir, Role role, RoleState *state, Error *error)
{
	char path[PATH_SIZE];
	Arena arena;
	Slice content = SLICE_NONE;
	*state = (RoleState){.pid = 0};
	if (!run_path(state_dir, names[role], path, error))
		return false;
	arena_init(&arena, PATH_SIZE * 4);
	bool is_read = file_read(path, ROLE_URL_SIZE, &arena, &content, error);
	if (is_read)
	{
		state->pid = lock_holder(path);
		state->is_died = state->pid == 0 && content.size > 0;
		(void) snprintf(state->url, sizeof state->url, "%.*s", SLICE_PRINT(slice_trim(content)));
	}
	arena_free(&arena);
	return is_read || error->code == ERROR_NOT_FOUND;
}

// ── Running ──

void role_reload(RoleContext *context)
{
	Arena *arena = &context->reload_arenas[context->reload_count % 2];
	Error error;
	Buf ignored;
	buf_init(&ignored, PATH_SIZE);
	arena_reset(arena); // what was taken over two reloads ago was replaced, whole, by the last one
	if (settings_reload(context->sources, arena, context->settings, &ignored, &error))
	{
		context->reload_count++;
		log_init(context->process, context->settings->log_level);
		log_event(LOG_INFO, "settings.reloaded", "needs_restart=%.*s", ignored.size == 0 ? 1 : (int) ignored.size,
			ignored.size == 0 ? "-" : ignored.data);
	}
	else
		log_error("settings.reload", &error);
	buf_free(&ignored);
}

static void context_begin(RoleContext *context, const char *process)
{
	context->process = process;
	arena_init(&context->reload_arenas[0], RELOAD_SIZE_MAX);
	arena_init(&context->reload_arenas[1], RELOAD_SIZE_MAX);
	log_init(process, context->settings->log_level);
}

static void context_end(RoleContext *context)
{
	arena_free(&context->reload_arenas[0]);
	arena_free(&context->reload_arenas[1]);
}

bool role_run_beside(const char *process, bool (*run)(RoleContext *, Error *), RoleContext *context, Error *error)
{
	context_begin(context, process);
	bool is_ok = run(context, error);
	context_end(context);
	return is_ok;
}

bool role_run(Role role, RoleContext *context, Error *error)
{
	static bool (*const runs[ROLE_COUNT])(RoleContext *, Error *) = {service_collector_run, service_worker_run,
		service_analytics_run};
	char path[PATH_SIZE];
	pid_t holder = 0;
	context_begin(context, names[role]);
	if (!state_make(context->settings->state_dir, error) || !run_path(context->settings->state_dir, "", path, error)
		|| !file_make_directory(path, 0711, error) || !run_path(context->settings->state_dir, names[role], path, error))
		return false;
	if (!lock_take(path, &context->lock_fd, &holder, error))
		return error->code == ERROR_BUSY ? error_set(error, ERROR_BUSY, "the %s of %s already runs as process %d",
				   names[role], context->settings->state_dir, (int) holder)
										 : false;
	bool is_ok = ftruncate(context->lock_fd, 0) == 0 || error_set_errno(error, ERROR_SYSTEM, "cannot write %s", path);
	is_ok = is_ok && runs[role](context, error);
	if (is_ok && ftruncate(context->lock_fd, 0) != 0)
		is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot write %s", path);
	(void) close(context->lock_fd);
	context_end(context);
	return is_ok;
}

// The processes: what each is called, what it is started with, and how it tells others that it runs.
//
// Each holds <state_dir>/run/ROLE locked while it lives, and writes its URL there once it is ready. Locked: running; not
// locked and empty: stopped; not locked and not empty: it died.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings_load.h"

#include <sys/types.h>

typedef enum Role { ROLE_COLLECTOR, ROLE_WORKER, ROLE_ANALYTICS, ROLE_COUNT } Role; // in the order they are stopped in

#define ROLE_URL_SIZE 320

const char *role_name(Role role);
bool role_parse(Slice name, Role *role) MUST_USE;

typedef struct RoleContext {
	Settings *settings;
	const SettingsSources *sources; // for reloading
	int ready_fd;                   // -1: nobody waits for us
	// ── below: role.c's own ──
	const char *process; // as the log names it
	Arena reload_arenas[2];
	unsigned reload_count;
	int lock_fd;
} RoleContext;

// Runs until SIGTERM or SIGINT; true when it ended because of one.
bool service_collector_run(RoleContext *context, Error *error) MUST_USE; // collector.c
bool service_worker_run(RoleContext *context, Error *error) MUST_USE;    // worker.c
bool service_analytics_run(RoleContext *context, Error *error) MUST_USE; // analytics.c

// Makes the state directory, takes the role's lock (ERROR_BUSY, naming the process that holds it), runs the role.
bool role_run(Role role, RoleContext *context, Error *error) MUST_USE;
// A process of the role beside the one that holds its lock; nobody waits for it.
bool role_run_beside(const char *process, bool (*run)(RoleContext *, Error *), RoleContext *context, Error *error)
	MUST_USE;

// ── For the roles ──
// We are ready: url is "" for a role that nobody calls.
bool role_ready(const RoleContext *context, const char *url, Error *error) MUST_USE;
// http://host:port of an address setting and the port that is really open.
void role_url(const char *address, int port, char url[ROLE_URL_SIZE]);
// At SIGHUP: takes over what may change while running; logs what may not, and what is wrong.
void role_reload(RoleContext *context);

// ── For those who look at them ──
typedef struct RoleState {
	pid_t pid;               // 0: not running
	bool is_died;            // not running, and not because it was asked to
	char url[ROLE_URL_SIZE]; // "" where not ready, or where nobody calls it
} RoleState;

bool role_state_read(const char *state_dir, Role role, RoleState *state, Error *error) MUST_USE;

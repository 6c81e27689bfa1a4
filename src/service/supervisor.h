// The supervisor: runs the roles as processes of their own, and the private PostgreSQL beside them where there is one.
//
// A process that ends without being asked is started again after a time that doubles with each failure, up to a bound, and
// begins small again once it ran for a while. Before everything was ready once, a process that ends is the end of the start:
// what keeps it from running, a port in use say, is for the caller to hear. Stopping goes from the outside in: collector,
// worker, analytics, PostgreSQL, each with a deadline after which it is killed; nothing of it needs an orderly end. A second
// signal kills at once. If the supervisor itself is killed, the kernel ends its children: the roles at once, PostgreSQL by a
// fast shutdown.
#pragma once
#include "cluster/cluster.h"
#include "service/role.h"

#include <limits.h>

// Called once, when every role is ready. urls[ROLE_COUNT], "" for a role without one or that does not run here.
typedef void (*SupervisorReady)(void *context, char (*urls)[ROLE_URL_SIZE]);

typedef struct SupervisorOptions {
	const Settings *settings;
	const SettingsSources *sources; // handed on to the roles, as flags
	bool roles[ROLE_COUNT];
	const ClusterOptions *cluster; // NULL: a database is configured
	bool is_migrating;             // before the roles start
	SupervisorReady on_ready;
	void *context;
} SupervisorOptions;

// Runs until SIGTERM or SIGINT; true when it ended because of one. ERROR_BUSY where the state directory is in use.
bool supervisor_run(const SupervisorOptions *options, Error *error) MUST_USE;
